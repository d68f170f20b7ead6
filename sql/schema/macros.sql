-- Macros: keys, days, and what turns a text as received into a clean one.

-- The key of a natural key, whose parts are joined by U+001F: the first 63 bits of its MD5.
create or replace macro key_of(natural_key) as (('0x' || left(md5(natural_key), 16))::ubigint >> 1)::bigint;

-- The key of a release, by its code as fact_release has it. Given a code, only that release is read, of whatever table.
create or replace macro release_of(release_code) as
    case
        when regexp_full_match(release_code, '[0-9]{1,15}') then release_code::bigint
        else key_of(concat_ws(chr(31), 'release', release_code)) | (1::bigint << 62)
    end;

-- The key of an appearance in a digest.
create or replace macro listing_of(source_file_key, byte_start) as
    key_of(concat_ws(chr(31), 'listing', source_file_key, byte_start));

-- The key of a text: a release in one language from one origin.
create or replace macro text_of(release_key, language_key, origin) as
    key_of(concat_ws(chr(31), 'text', release_key, language_key, origin));

-- The key of what a digest says of a release: title and body, which may be NULL.
create or replace macro content_of(release_key, title, body) as
    key_of(concat_ws(chr(31), 'content', release_key, 'digest', '', sha256(concat(title, chr(10) || body))));

-- Whether gov.kz has a page of a release: codes of the government's other sites begin with a host and a slash, or a #.
create or replace macro is_on_portal(release_code) as not regexp_matches(release_code, '[/#]');

-- Whether a day or moment can be when a release was listed or published, by when the warehouse heard of it: not more than
-- 31 days ahead, as a mistyped year is, and of gov.kz not before 2019, when it began.
create or replace macro is_plausible(release_code, moment, heard_at) as
    moment <= heard_at + interval 31 days and (moment >= timestamp '2019-01-01' or not is_on_portal(release_code));

-- 00:00 of the day of a date key.
create or replace macro start_of_day(date_key) as
    make_timestamp(date_key // 10000, date_key // 100 % 100, date_key % 100, 0, 0, 0);

-- The day that a moment (UTC) is part of in Almaty; of a date, which stands as its 00:00, that date.
-- The zone since 2000, so that every program that opens the file counts by the same clocks, whatever zones it knows.
create or replace macro day_of(moment) as
    (
        moment + to_hours(case
            when moment >= timestamp '2024-02-29 18:00:00' then 5
            when moment >= timestamp '2004-10-30 20:00:00' then 6
            when moment >= timestamp '2004-03-27 20:00:00' then 7
            when moment >= timestamp '2003-10-25 20:00:00' then 6
            when moment >= timestamp '2003-03-29 20:00:00' then 7
            when moment >= timestamp '2002-10-26 20:00:00' then 6
            when moment >= timestamp '2002-03-30 20:00:00' then 7
            when moment >= timestamp '2001-10-27 20:00:00' then 6
            when moment >= timestamp '2001-03-24 20:00:00' then 7
            when moment >= timestamp '2000-10-28 20:00:00' then 6
            when moment >= timestamp '2000-03-25 20:00:00' then 7
            else 6
        end)
    )::date;

-- The day of a date key.
create or replace macro date_of(date_key) as make_date(date_key // 10000, date_key // 100 % 100, date_key % 100);

-- The day a release appeared: see mart_release_day.
create or replace macro release_day(first_listed_date_key, published_at, first_seen_at) as
    coalesce(date_of(first_listed_date_key), day_of(published_at), day_of(first_seen_at));

-- What that day is: listed, published or learnt of.
create or replace macro release_day_is(first_listed_date_key, published_at) as
    case
        when first_listed_date_key is not null then 'listed'
        when published_at is not null then 'published'
        else 'learnt of'
    end;

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

-- Whether an outcome of fact_fetch shows the page.
create or replace macro shows_page(outcome) as outcome in ('ok', 'unchanged', 'picture_body', 'video_body', 'no_body');

-- Whether an outcome of fact_fetch denies the page.
create or replace macro denies_page(outcome) as outcome in ('not_found', 'not_the_release');

-- The share of pages up to which gov.kz is trusted, by how many releases the absent ones are of: releases go one by one.
create or replace macro most_absent(absent_releases) as case when absent_releases < 5 then 1.0 else 0.3 end::double;

-- The text without zero-width characters (U+200B, U+FEFF) and without the six characters \u200b.
create or replace macro without_invisible(received) as
    case
        when
            contains(received, '\u200b') or contains(received, chr(8203)) or contains(received, chr(65279))
            then replace(replace(replace(received, '\u200b', ''), chr(8203), ''), chr(65279), '')
        else received
    end;

-- NFC, without zero-width characters (U+200B, U+FEFF) and without the six characters \u200b.
-- Asking first is much cheaper than doing it to every text: characters of these ranges, which leave out the letters that
-- compose with others, are NFC, and hardly any text has others.
create or replace macro clean_text(received) as
    case
        when
            strlen(received) = length(received)
            or not regexp_matches(
                received,
                '[^\x00-\x{02FF}\x{0400}-\x{0482}\x{048A}-\x{052F}\x{2002}-\x{20CF}\x{2100}-\x{2125}\x{2190}-\x{2328}\x{2E00}-\x{2E5D}]'
            )
            then without_invisible(received)
        else nfc_normalize(without_invisible(received))
    end;

-- A regular expression for a phrase in texts in small letters; `gap` is one for what stands between its words.
create or replace macro phrase_pattern(phrase, gap) as replace(regexp_escape(lower(clean_text(phrase))), '\ ', gap);

-- Whether a title mentions a phrase; capital and small letters are the same.
create or replace macro title_mentions(received, phrase) as
    regexp_matches(lower(clean_text(received)), phrase_pattern(phrase, '\s+'));

-- Whether a body mentions a phrase, across line ends too.
-- Paragraphs are restored only of bodies whose received text, with all words run together, has it. NFC makes no letters that
-- a phrase without accents has, so for such a phrase it can wait as well.
create or replace macro body_mentions(received, offsets, phrase) as
    case
        when
            regexp_matches(
                lower(
                    case
                        when strip_accents(phrase) = phrase then without_invisible(received) else clean_text(received)
                    end
                ),
                phrase_pattern(phrase, '\s*')
            )
            then regexp_matches(lower(clean_text(with_breaks(received, offsets))), phrase_pattern(phrase, '\s+'))
        else false
    end;
