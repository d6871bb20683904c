"""An identity provider that speaks SAML 2.0, with a key of its own: it reads what this site asks, and signs answers."""

from __future__ import annotations

import base64
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

SAML, PROTOCOL = "urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:2.0:protocol"
POST, REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
SIGN_IN = "https://id.bank.example/saml/sign-in"
ENTITY = "https://id.bank.example/saml"


@dataclass(frozen=True)
class Key:
    """A key and its certificate, both PEM."""

    private: bytes
    certificate: bytes

    @classmethod
    def make(cls) -> Key:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Bank")])
        now = datetime.now(UTC)
        signed = x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
        ).sign(key, hashes.SHA256())
        form = serialization.PrivateFormat.PKCS8
        private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        return cls(private, signed.public_bytes(serialization.Encoding.PEM))

    @property
    def in_metadata(self) -> str:
        body = "".join(self.certificate.decode().splitlines()[1:-1])
        return (
            '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
            f"<ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        )


def metadata_of(*keys: Key) -> str:
    """What the provider publishes."""
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{PROTOCOL}">{"".join(key.in_metadata for key in keys)}'
        f'<md:SingleSignOnService Binding="{REDIRECT}" Location="{SIGN_IN}"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


@dataclass
class Asked:
    """What this site asked for."""

    id: str
    answer_to: str
    audience: str

    @classmethod
    def from_address(cls, address: str) -> Asked:
        """Read the address to which the site sends a browser."""
        assert address.startswith(SIGN_IN)
        sent = base64.b64decode(parse_qs(urlsplit(address).query)["SAMLRequest"][0])
        request = etree.fromstring(zlib.decompress(sent, -15))
        return cls(
            request.get("ID"), request.get("AssertionConsumerServiceURL"), request.findtext(f"{{{SAML}}}Issuer") or ""
        )


@dataclass
class Statement:
    """What the provider says of a person in answer to what was asked. Tests change what they are about."""

    asked: Asked
    person: str
    attributes: dict[str, list[str]]
    age: timedelta = timedelta(0)
    audience: str = ""
    in_response_to: str = ""
    ids: tuple[str, str] = field(default_factory=lambda: (f"_{uuid.uuid4().hex}", f"_{uuid.uuid4().hex}"))

    def unsigned(self) -> etree._Element:
        def at(minutes: int) -> str:
            return (datetime.now(UTC) - self.age + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")

        response, assertion = self.ids
        asked = f'InResponseTo="{self.in_response_to}"' if self.in_response_to else ""
        attributes = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in values)
            + "</saml:Attribute>"
            for name, values in self.attributes.items()
        )
        return etree.fromstring(
            f'<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{SAML}" ID="{response}" Version="2.0"'
            f' IssueInstant="{at(0)}" Destination="{self.asked.answer_to}" {asked}>'
            f"<saml:Issuer>{ENTITY}</saml:Issuer><samlp:Status><samlp:StatusCode"
            ' Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
            f'<saml:Assertion ID="{assertion}" Version="2.0" IssueInstant="{at(0)}"><saml:Issuer>{ENTITY}</saml:Issuer>'
            f"<saml:Subject><saml:NameID>{self.person}</saml:NameID>"
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData'
            f' {asked} Recipient="{self.asked.answer_to}" NotOnOrAfter="{at(5)}"/></saml:SubjectConfirmation>'
            f'</saml:Subject><saml:Conditions NotBefore="{at(-5)}" NotOnOrAfter="{at(5)}"><saml:AudienceRestriction>'
            f"<saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{at(0)}"><saml:AuthnContext><saml:AuthnContextClassRef>'
            "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
            f"</saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement>"
            "</saml:Assertion></samlp:Response>"
        )

    def signed_by(self, key: Key) -> etree._Element:
        """The answer, its assertion signed, as Entra signs."""
        response = self.unsigned()
        assertion = response.find(f"{{{SAML}}}Assertion")
        signature = xmlsec.template.create(response, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256, ns="ds")
        assertion.find(f"{{{SAML}}}Issuer").addnext(signature)
        reference = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri=f"#{assertion.get('ID')}")
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
        xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
        xmlsec.tree.add_ids(response, ["ID"])
        signing = xmlsec.SignatureContext()
        signing.key = xmlsec.Key.from_memory(key.private, xmlsec.constants.KeyDataFormatPem)
        signing.key.load_cert_from_memory(key.certificate, xmlsec.constants.KeyDataFormatPem)
        signing.sign(signature)
        return response


def sent(response: etree._Element) -> dict[str, str]:
    """The form by which the provider sends the browser back."""
    return {"SAMLResponse": base64.b64encode(etree.tostring(response)).decode()}
