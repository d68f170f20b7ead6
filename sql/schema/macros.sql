-- Macros: keys, and what turns a text as received into a clean one.

-- The part of a text's key that stands for where it came from.
create or replace macro origin_key(origin) as
    (('0x' || left(md5('origin' || chr(31) || origin), 16))::ubigint >> 1)::bigint;

-- The key of a text: a release in one language from one origin.
create or replace macro text_of(release_key, language_key, origin) as
    xor(xor(release_key, language_key), origin_key(origin));

-- The key of what a digest says of a release: title and body, which may be NULL.
create or replace macro content_of(release_key, title, body) as
    xor(release_key, (('0x' || left(sha256(concat(title, chr(10) || body)), 16))::ubigint >> 1)::bigint);

-- Whether a day or moment can be when something was listed or published, by when the warehouse heard of it: not before
-- 2019, when gov.kz began, and not more than 31 days ahead, as a mistyped year is.
create or replace macro is_plausible(moment, heard_at) as
    moment >= timestamp '2019-01-01' and moment <= heard_at + interval 31 days;

-- 00:00 of the day of a date key.
create or replace macro start_of_day(date_key) as
    make_timestamp(date_key // 10000, date_key // 100 % 100, date_key % 100, 0, 0, 0);

-- The text with a line feed before each of the character offsets; offsets count from 0 and rise.
create or replace macro with_breaks(received, offsets) as
    case
        when received is null or len(offsets) = 0 then received
        else array_to_string(
            list_transform(
                list_zip(list_prepend(0::uinteger, offsets), list_append(offsets, length(received)::uinteger)),
                lambda piece: substring(received, piece[1] + 1, piece[2] - piece[1])
            ),
            chr(10)
        )
    end;

-- The text without zero-width characters (U+200B, U+FEFF) and without the six characters \u200b.
create or replace macro without_invisible(received) as
    case
        when
            contains(received, '\u200b') or contains(received, chr(8203)) or contains(received, chr(65279))
            then replace(replace(replace(received, '\u200b', ''), chr(8203), ''), chr(65279), '')
        else received
    end;

-- NFC, without zero-width characters (U+200B, U+FEFF) and without the six characters \u200b.
-- Asking first is much cheaper than doing it to every text: ASCII is NFC, and hardly any text has the others.
create or replace macro clean_text(received) as
    case when strlen(received) = length(received) then without_invisible(received)
        else nfc_normalize(without_invisible(received))
    end;
