"""Small words, endings and letters by which a language shows: data of the rules that tell languages.

Words stand between spaces, and are sought in text that is `padded`.
"""

import polars as pl

from warehouse.normalise.script import FOREIGN_CYRILLIC

# Words and endings that only English has among the languages that reach the portal. Left out on purpose: names, and
# what German, French, Turkish or Dutch write alike (in, a, was, on, minister, -ing as in Beijing, -ed as in Mohammed).
ENGLISH = (
    " the ; of ; and ; with ; from ; by ; for ; to ; at ; is ; are ; were ; been ; has ; have ; had ;"
    " will ; that ; this ; these ; their ; its ; it ; which ; who ; between ; during ; through ; under ;"
    " after ; within ; into ; than ; new ; year ; years ; held ; holds ; hold ; took ; meets ; visit;"
    " signs ; people ; health ; children; works ; working ; state ; law ; affairs ; opens ; opened ;"
    " hosts ; launch; discuss; deputy ; foreign ; government; agreement; growth ; cooperation ; trade ;"
    " border ; armed ; forces ; road; young ;'s ;’s ;s’ ;s' ;ting ;ning ;ding ;sing ;ving ;ling ;ring ;"
    "ting,;ning,;ding,;ting.;ning.;ding.;ted ;ded ;ned ;ved ;ced ;shed ;ssed ;ted,;ted.;ght ;ness ;ship ;"
    "ships ;ously ;ally ; since ;ed in ;ed at ; exercise; campaign ; begins ; continue; results ; tax ; students ;"
    " officers ; citizens ; workers ; housing ; increase; support; strengthen; safety ; flood ; harvest ; joint ;"
    " measures ; services "
).split(";")
FOREIGN = (
    " le ; la ; les ; des ; de ; du ; et ; est ; une ; dans ; avec ; au ; aux ; sur ; l'; d'; l’; d’;"
    " qu'; der ; das ; und ; den ; dem ; ein ; eine ; mit ; von ; zu ; zur ; zum ; im ; für ; auf ; ist ;"
    " ve ; ile ; için ; bir ; bu ; da ; olarak ; el ; los ; las ; del ; y ; con ; por ; para ; una ; il ;"
    " di ; della ; dei ; che ; nel ; gli ; w ; z ; na ; się ; het ; een ; och ; att ; og ; az ; egy ;"
    " és ; os ; um ; uma ; dos ; va ; uchun ; bilan ; yang ; untuk ; dengan ; jáne ; jäne ; úshin ; üşin "
).split(";")
RUSSIAN = (
    " в ; на ; и ; с ; по ; о ; об ; из ; для ; за ; со ; при ; к ; что ; как ; это; был; или ; его ;"
    " их ;ным ;ании ;ого ;ого,;ого.;его ;ых ;ый ;ые ;ыми ;тся ;лся ;лась ;лись ;ться ;ную ;ции ;ение ;"
    "ения ;ении ;ской ;ский ;ские ;ости ;шла ;шли ;шел ;шёл ;ает ;или ;ила ;ало "
).split(";")
# Bulgarian, Serbian and Belarusian share small words with Russian; these they do not share.
NOT_RUSSIAN = " се ; са ;ът ; ще ; във ; със ; че ; је ; су ; што ; ва ; мен ; бен ; пен ".split(";")
NEVER_RUSSIAN = NOT_RUSSIAN + FOREIGN_CYRILLIC + list("іңөүІҢӨҮ")
KAZAKH_LATIN = (
    r" (?:jáne|jäne|úshin|üşin|týraly|turaly|boıynsha|boiynşa|ulttyq|qazaq|qazaqstan\w+|respýblıka\w*) |ǵ"
    r"|\w*q(?:[^u\w]|$)| q[aoyiäáıū]"
)


def padded(pieces: pl.Expr) -> pl.Expr:
    """The pieces, with a space where a word may begin and end."""
    return pl.concat_str(pl.lit(" "), pieces, pl.lit(" "))
