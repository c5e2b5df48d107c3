"""packages.py R4_EXAMPLES CACHE: lays the FHIR packages that the validator asks for below CACHE/home/.fhir/packages.

HL7's core package is made of the definitions in the examples package, which is the one that the npm registry has; its examples
would define some canonicals twice. Two packages that the validator asks for at its start are laid down empty.
"""
import glob
import json
import os
import shutil
import sys
import tarfile

DEFINITIONS = {"StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter", "ConceptMap", "CompartmentDefinition",
               "OperationDefinition", "NamingSystem", "StructureMap"}
FIELDS = ("resourceType", "id", "url", "version", "kind", "type")


def manifest(name, version, kind):
    return {"name": name, "version": version, "fhirVersions": ["4.0.1"], "type": kind, "canonical": "http://hl7.org/fhir",
            "dependencies": {}, "title": name, "description": name, "author": "HL7"}


def write(folder, name, version, kind, files):
    with open(os.path.join(folder, "package.json"), "w", encoding="utf-8") as out:
        json.dump(manifest(name, version, kind), out)
    with open(os.path.join(folder, ".index.json"), "w", encoding="utf-8") as out:
        json.dump({"index-version": 2, "files": files}, out)


def core(source, target):
    os.makedirs(target, exist_ok=True)
    seen, files = set(), []
    for path in sorted(glob.glob(os.path.join(source, "*.json"))):
        with open(path, encoding="utf-8") as text:
            resource = json.load(text)
        kind = resource.get("resourceType")
        name = (kind, resource.get("url") or resource.get("id"))
        own = str(resource.get("url", "")).startswith(("http://hl7.org/fhir", "http://terminology.hl7.org", "urn:"))
        if kind not in DEFINITIONS or name in seen or not (own or kind == "NamingSystem"):
            continue
        seen.add(name)
        shutil.copy(path, target)
        entry = {"filename": os.path.basename(path)}
        entry.update({field: resource[field] for field in FIELDS if field in resource})
        files.append(entry)
    write(target, "hl7.fhir.r4.core", "4.0.1", "Core", files)


def main():
    source, cache = sys.argv[1:3]
    packages = os.path.join(cache, "home", ".fhir", "packages")
    core(source, os.path.join(packages, "hl7.fhir.r4.core#4.0.1", "package"))
    for archive in glob.glob(os.path.join(cache, "*.tgz")):
        name, version = os.path.basename(archive)[:-4].split("-", 1)
        with tarfile.open(archive) as tar:
            tar.extractall(os.path.join(packages, name + "#" + version))
    for name, version in (("hl7.fhir.xver-extensions", "0.1.0"),):
        folder = os.path.join(packages, name + "#" + version, "package")
        os.makedirs(folder, exist_ok=True)
        write(folder, name, version, "IG", [])
    with open(os.path.join(packages, "packages.ini"), "w", encoding="utf-8") as out:
        out.write("[cache]\nversion=3\n")


main()
