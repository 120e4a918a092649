"""What people are written, in English and Hebrew; plain text, and nothing that a stranger chose.

Names are left out on purpose: whoever registers somebody else's address would choose them. Links
begin with the public address from the settings, never with what a request says of itself, and
carry their secret behind `#`, which browsers send to no server and in no Referer.
"""

from __future__ import annotations

from enum import StrEnum

from omnix.auth.mail import Letter

LANGUAGES = ("en", "he")


class Page(StrEnum):
    """The dashboard's pages that links lead to."""

    SIGN_IN = "/sign-in"
    RESET = "/reset-password"
    FORGOT = "/forgot-password"
    VERIFY = "/verify-email"
    SETUP = "/setup"


class Occasion(StrEnum):
    """Why somebody is written."""

    VERIFY_EMAIL = "verify_email"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a letter
    INVITATION = "invitation"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    EMAIL_CHANGED = "email_changed"
    TWO_FACTOR_CHANGED = "two_factor_changed"
    SESSION_ENDED = "session_ended"
    API_KEY_CREATED = "api_key_created"


#: Where each occasion's link leads; the others need none.
_PAGES = {
    Occasion.VERIFY_EMAIL: Page.VERIFY,
    Occasion.RESET_PASSWORD: Page.RESET,
    Occasion.INVITATION: Page.RESET,
    Occasion.ALREADY_REGISTERED: Page.SIGN_IN,
    Occasion.PASSWORD_CHANGED: Page.FORGOT,
    Occasion.TWO_FACTOR_CHANGED: Page.FORGOT,
    Occasion.SESSION_ENDED: Page.FORGOT,
    Occasion.API_KEY_CREATED: Page.FORGOT,
}

_ENGLISH: dict[Occasion, tuple[str, str]] = {
    Occasion.VERIFY_EMAIL: (
        "Confirm your e-mail address",
        "Please confirm that this address is yours:\n\n{link}\n\n"
        "The link is good for {lifetime}. If you did not register, ignore this mail.",
    ),
    Occasion.ALREADY_REGISTERED: (
        "You have an account already",
        "Somebody tried to register with this address, which has an account already.\n"
        "If it was you, sign in, or ask for a new password there:\n\n{link}\n\n"
        "If not, you need not do anything.",
    ),
    Occasion.RESET_PASSWORD: (
        "Choose a new password",
        "A new password was asked for. Choose it here:\n\n{link}\n\n"
        "The link is good for {lifetime} and only once. "
        "If you did not ask for it, ignore this mail; your password stays as it is.",
    ),
    Occasion.INVITATION: (
        "You are invited to omnix",
        "An account was made for you. Choose your password here:\n\n{link}\n\n"
        "The link is good for {lifetime} and only once.",
    ),
    Occasion.PASSWORD_CHANGED: (
        "Your password was changed",
        "The password of your account was changed, and all other sessions were ended.\n"
        "If it was not you, choose a new one at once:\n\n{link}",
    ),
    Occasion.EMAIL_CHANGED: (
        "The e-mail address of your account was changed",
        "Your account has a new e-mail address; mails no longer come to this one.\n"
        "If it was not you, tell your administrator at once.",
    ),
    Occasion.TWO_FACTOR_CHANGED: (
        "Your two-factor sign-in was changed",
        "The two-factor sign-in of your account was switched on or off, or has new recovery "
        "codes.\nIf it was not you, choose a new password at once:\n\n{link}",
    ),
    Occasion.SESSION_ENDED: (
        "A session was ended for your safety",
        "A sign-in of yours was used from two places, so it was ended everywhere.\n"
        "Sign in again. If you suspect somebody else, choose a new password:\n\n{link}",
    ),
    Occasion.API_KEY_CREATED: (
        "A new API key was made",
        "A new API key was made for your account; the settings list them all.\n"
        "If it was not you, revoke it there and choose a new password:\n\n{link}",
    ),
}

_HEBREW: dict[Occasion, tuple[str, str]] = {
    Occasion.VERIFY_EMAIL: (
        "אישור כתובת הדוא״ל שלך",
        "נא לאשר שהכתובת הזאת שלך:\n\n{link}\n\n"
        "הקישור תקף למשך {lifetime}. אם לא נרשמת, אפשר להתעלם מההודעה.",
    ),
    Occasion.ALREADY_REGISTERED: (
        "כבר יש לך חשבון",
        "מישהו ניסה להירשם עם הכתובת הזאת, שכבר יש לה חשבון.\n"
        "אם זה היה ניסיון שלך, אפשר להתחבר או לבקש סיסמה חדשה כאן:\n\n{link}\n\n"
        "אם לא, אין צורך לעשות דבר.",
    ),
    Occasion.RESET_PASSWORD: (
        "בחירת סיסמה חדשה",
        "התקבלה בקשה לסיסמה חדשה. אפשר לבחור אותה כאן:\n\n{link}\n\n"
        "הקישור תקף למשך {lifetime} ולפעם אחת בלבד. "
        "אם לא ביקשת, אפשר להתעלם מההודעה; הסיסמה לא תשתנה.",
    ),
    Occasion.INVITATION: (
        "הוזמנת ל־omnix",
        "נפתח עבורך חשבון. אפשר לבחור סיסמה כאן:\n\n{link}\n\n"
        "הקישור תקף למשך {lifetime} ולפעם אחת בלבד.",
    ),
    Occasion.PASSWORD_CHANGED: (
        "הסיסמה שלך שונתה",
        "הסיסמה של חשבונך שונתה, וכל החיבורים האחרים נותקו.\n"
        "אם לא שינית אותה, יש לבחור מיד סיסמה חדשה:\n\n{link}",
    ),
    Occasion.EMAIL_CHANGED: (
        "כתובת הדוא״ל של חשבונך שונתה",
        "לחשבונך יש כתובת דוא״ל חדשה; הודעות לא יגיעו עוד לכתובת הזאת.\n"
        "אם לא שינית אותה, יש להודיע מיד למנהל המערכת.",
    ),
    Occasion.TWO_FACTOR_CHANGED: (
        "האימות הדו־שלבי שלך שונה",
        "האימות הדו־שלבי של חשבונך הופעל או בוטל, או שהוחלפו קודי השחזור.\n"
        "אם לא שינית אותו, יש לבחור מיד סיסמה חדשה:\n\n{link}",
    ),
    Occasion.SESSION_ENDED: (
        "חיבור נותק למען ביטחונך",
        "נעשה שימוש בחיבור שלך משני מקומות, ולכן הוא נותק בכולם.\n"
        "יש להתחבר מחדש. אם יש חשד לגורם זר, כדאי לבחור סיסמה חדשה:\n\n{link}",
    ),
    Occasion.API_KEY_CREATED: (
        "נוצר מפתח API חדש",
        "נוצר מפתח API חדש לחשבונך; כל המפתחות מופיעים בהגדרות.\n"
        "אם לא יצרת אותו, יש לבטל אותו שם ולבחור סיסמה חדשה:\n\n{link}",
    ),
}

_TEXTS = {"en": _ENGLISH, "he": _HEBREW}


def _lifetime(minutes: int, language: str) -> str:
    """ "10 minutes", "24 hours", in the letter's language; hours where they are whole and several."""
    hours = minutes >= 120 and minutes % 60 == 0
    words = {"en": ("hours", "minutes"), "he": ("שעות", "דקות")}[language]
    return f"{minutes // 60} {words[0]}" if hours else f"{minutes} {words[1]}"


def letter(
    occasion: Occasion,
    to: str,
    *,
    public_url: str,
    secret: str = "",
    minutes: int = 0,
    language: str = "en",
) -> Letter:
    """The letter for `occasion`, in `language`; English where that is none of ours.

    Args:
        occasion: Why it is written.
        to: The recipient's address.
        public_url: The dashboard's address as the settings give it.
        secret: What the link proves; good for `minutes`.
        minutes: How long the link is good.
        language: `en` or `he`.

    """
    spoken = language if language in _TEXTS else "en"
    subject, text = _TEXTS[spoken][occasion]
    page = _PAGES.get(occasion)
    address = link(public_url, page, secret) if page else ""
    told = text.format(link=address, lifetime=_lifetime(minutes, spoken))
    return Letter(to, f"omnix: {subject}", f"{told}\n", spoken)


def link(public_url: str, page: Page, secret: str = "") -> str:
    """The address of a page of the dashboard; `secret` stands behind `#token=`."""
    return f"{public_url.rstrip('/')}{page}" + (f"#token={secret}" if secret else "")
