"""Which functions a shipped formula may use: those of Excel 2013 that LibreOffice 7.4 has too.

Sources: Excel 2007's list as openpyxl keeps it; LibreOffice's own function list (its FunctionDescriptions
service, release 7.4); for 2010 and 2013 the names that XlsxWriter knows to need a prefix in the file.
"""

from __future__ import annotations

from openpyxl.utils import FORMULAE

_NOT_IN_LIBREOFFICE = frozenset(
    """
    CUBEKPIMEMBER CUBEMEMBER CUBEMEMBERPROPERTY CUBERANKEDMEMBER CUBESET CUBESETCOUNT CUBEVALUE
    ECMA.CEILING PHONETIC RTD
    """.split()
)

#: Written with their plain name.
PLAIN: frozenset[str] = frozenset(FORMULAE) - _NOT_IN_LIBREOFFICE

#: Of Excel 2010 and 2013: in the file they are written `_xlfn.NAME`, else Excel shows #NAME?.
PREFIXED = frozenset(
    """
    ACOT ACOTH AGGREGATE ARABIC BASE BETA.DIST BETA.INV BINOM.DIST BINOM.INV BITAND BITLSHIFT BITOR
    BITRSHIFT BITXOR CEILING.MATH CEILING.PRECISE CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT
    CHISQ.TEST COMBINA CONFIDENCE.NORM CONFIDENCE.T COT COTH COVARIANCE.P COVARIANCE.S CSC CSCH DAYS
    DECIMAL ERF.PRECISE ERFC.PRECISE EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FLOOR.MATH
    FLOOR.PRECISE GAMMA GAMMA.DIST GAMMA.INV GAMMALN.PRECISE GAUSS HYPGEOM.DIST IFNA IMCOSH IMCOT IMCSC
    IMCSCH IMSEC IMSECH IMSINH IMTAN ISFORMULA ISOWEEKNUM LOGNORM.DIST LOGNORM.INV MODE.MULT MODE.SNGL
    MUNIT NEGBINOM.DIST NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC
    PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC PERMUTATIONA PHI POISSON.DIST QUARTILE.EXC
    QUARTILE.INC RANK.AVG RANK.EQ RRI SEC SECH SHEET SHEETS STDEV.P STDEV.S T.DIST T.DIST.2T T.DIST.RT
    T.INV T.INV.2T T.TEST UNICHAR UNICODE VAR.P VAR.S WEIBULL.DIST XOR Z.TEST
    """.split()
)


def fault(written: str) -> str:
    """Why a function, as the file writes it, may not be used; "" when it may."""
    prefix, _, name = written.upper().rpartition("_XLFN.")
    if name in PREFIXED:
        return "" if prefix == "" and written.upper() != name else f"{name} needs the prefix _xlfn."
    if written.upper() in PLAIN:
        return ""
    return f"{written} is not in Excel 2013 and LibreOffice 7.4"
