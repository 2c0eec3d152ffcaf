"""Words that a name in C may not be."""

import re

# Words of C, and of C++, which may include the header, and macros that are in every file.
_LANGUAGE = """
auto break case char const continue default do double else enum extern float for goto if inline int long main register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while alignas alignof
and and_eq asm bitand bitor bool catch char16_t char32_t char8_t class co_await co_return co_yield compl concept
const_cast consteval constexpr constinit decltype delete dynamic_cast explicit export false friend mutable namespace
new noexcept not not_eq nullptr operator or or_eq private protected public reinterpret_cast requires static_assert
static_cast template this thread_local throw true try typeid typename using virtual wchar_t xor xor_eq EOF HUGE_VAL I
INFINITY NAN NULL errno i386 linux unix M_1_PI M_2_PI M_2_SQRTPI M_E M_LN10 M_LN2 M_LOG10E M_LOG2E M_PI M_PI_2 M_PI_4
M_SQRT1_2 M_SQRT2
"""
_LIBRARY = """
abort abs accept access alarm alloca asctime assert atexit atof atoi atol bcmp bcopy bind bsearch bzero calloc chdir
chmod clearerr clock close connect creat ctime difftime div dup environ exit fclose feof ferror fflush ffs fgetc fgets
fopen fork fprintf fputc fputs fread free fscanf fseek ftell fwrite getc getchar getenv getpid gets gmtime index
isalnum isalpha iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit kill labs ldiv link listen
localtime longjmp lseek malloc mblen memchr memcmp memcpy memmove memset mkdir mktime nice open pause perror pipe poll
printf putc putchar puts qsort raise rand random read realloc recv remove rename rewind rindex scanf select send
setbuf setjmp setlocale shutdown signal sleep snprintf socket sprintf srand srandom sscanf stat stderr stdin stdout
strcat strchr strcmp strcoll strcpy strcspn strerror strlen strncat strncmp strncpy strpbrk strrchr strspn strstr
strtod strtok strtol sync system time times tmpfile tmpnam tolower toupper truncate tzset umask ungetc unlink vprintf
wait write
"""
_MATHEMATICS = """
acos acosh asin asinh atan atan2 atanh cabs carg cbrt ceil cimag conj copysign cos cosh cproj creal drem erf erfc exp
exp10 exp2 expm1 fabs fdim finite floor fma fmax fmin fmod fpclassify frexp gamma hypot ilogb isfinite isinf isnan
isnormal j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter
nexttoward pow pow10 remainder remquo rint round scalb scalbln scalbn signbit significand sin sincos sinh sqrt tan
tanh tgamma trunc y0 y1 yn
"""

KEYWORDS = frozenset(re.findall(r"\w+", _LANGUAGE))
"""What no name may be."""

VARIABLES = KEYWORDS.union(f"{name}{end}" for name in re.findall(r"\w+", _MATHEMATICS) for end in ("", "f", "l"))
"""What a variable may not be: functions of mathematics, too."""

FUNCTIONS = VARIABLES.union(re.findall(r"\w+", _LIBRARY))
"""What a function may not be: others of the C library, too."""

HEADERS = frozenset(
    re.findall(
        r"\w+",
        "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdarg stdbool stddef "
        "stdint stdio stdlib string tgmath time wchar wctype",
    )
)
"""What a header may not be called."""
