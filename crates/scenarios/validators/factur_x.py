"""Checks that a PDF is marked as one that holds an invoice as data, as Factur-X 1.0 asks.

In:  a PDF. Out: what is wrong with it; the exit code says whether anything is.
It is read strictly: an object that does not lie where the table of objects says is an error.
"""

import sys
import xml.etree.ElementTree as tree

from pypdf import PdfReader

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
EXTENSION = "{http://www.aiim.org/pdfa/ns/extension/}"
MARKS = {
    "DocumentFileName": "factur-x.xml",
    "DocumentType": "INVOICE",
    "Version": "1.0",
    "ConformanceLevel": "EN 16931",
}

reader = PdfReader(sys.argv[1], strict=True)
for number in range(1, reader.trailer["/Size"]):
    reader.get_object(number)
root = reader.trailer["/Root"]
metadata = tree.fromstring(root["/Metadata"].get_data())
wrong = []
for name, said in MARKS.items():
    found = [it.text for it in metadata.iter(FX + name)]
    if found != [said]:
        wrong.append(f"fx:{name} is {found}, not {said}")
if len(list(metadata.iter(EXTENSION + "schemas"))) != 1:
    wrong.append("the extension schemas stand not in one list")
described = set()
for schema in metadata.iter(RDF + "li"):
    if schema.findtext(SCHEMA + "namespaceURI") == FX[1:-1]:
        described.update(it.text for it in schema.iter(PROPERTY + "name"))
if described != set(MARKS):
    wrong.append(f"the extension schema describes {sorted(described)}")
attached = [it.get_object() for it in root["/AF"]]
if [(it["/UF"], it["/AFRelationship"]) for it in attached] != [("factur-x.xml", "/Alternative")]:
    wrong.append(f"the attachment is {attached}")
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
