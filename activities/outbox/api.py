"""What phones send, at /api/v1/outbox/ (docs/phone.md): records, what still waits, photos."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import parsers, serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from activities.outbox import manifest, photos
from activities.outbox.answers import Answer, explained
from activities.outbox.author import is_author
from activities.outbox.manifest import Manifest
from activities.outbox.posted import Posted
from activities.outbox.submitting import receive
from activities.version import app_version


class NotTheAuthor(PermissionDenied):
    """Somebody else signed in on the phone since: it waits for its author."""

    def __init__(self) -> None:
        super().__init__({"code": "author"})


class Moment(serializers.DateTimeField):
    """A moment by a phone's clock. One that cannot be read is none: no record waits for it."""

    def to_internal_value(self, value: Any) -> Any:
        try:
            return super().to_internal_value(value)
        except (serializers.ValidationError, OverflowError):
            return None


class SubmissionSerializer(serializers.Serializer[Any]):
    """One submission; what it holds depends on its kind."""

    author = serializers.CharField(max_length=64)
    id = serializers.UUIDField()
    kind = serializers.CharField(max_length=30)
    record = serializers.UUIDField()
    form = serializers.IntegerField(required=False, default=0)
    made_at = Moment(required=False, allow_null=True, default=None)
    sent_at = Moment(required=False, allow_null=True, default=None)
    contact_at = Moment(required=False, allow_null=True, default=None)
    replaces = serializers.UUIDField(required=False, allow_null=True, default=None)
    after = serializers.UUIDField(required=False, allow_null=True, default=None)
    body = serializers.DictField(required=False, default=dict)


class ToldSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class DoneSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["done"])
    record = serializers.DictField()
    told = ToldSerializer(many=True)


class KeptSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["kept"])


class RefusedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["refused"])
    code = serializers.CharField()
    text = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]
    fields = serializers.ListField(child=serializers.CharField(), required=False)  # type: ignore[assignment]
    existing = serializers.DictField(required=False)


class WaitingField(serializers.ListField):
    """``[id, since]``."""

    child = serializers.CharField(max_length=64, allow_null=True, allow_blank=True)
    min_length = max_length = 2

    def to_internal_value(self, data: Any) -> Any:
        key, since = super().to_internal_value(data)
        return serializers.UUIDField().run_validation(key), Moment().to_internal_value(since)


def _ids() -> Any:
    return serializers.ListField(child=serializers.UUIDField(), required=False, default=list)


class ManifestSerializer(serializers.Serializer[Any]):
    """Ids and ages of what waits on a phone, never contents."""

    author = serializers.CharField(max_length=64)
    phone = serializers.UUIDField()
    waiting = serializers.ListField(child=WaitingField(), required=False, default=list)
    kept = _ids()
    discarded = _ids()
    others = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, default=list, max_length=100
    )


class SettledSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["done", "refused", "unknown"])
    answer = serializers.DictField()


class LostSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    since = serializers.DateTimeField()


class HeardSerializer(serializers.Serializer[Any]):
    now = serializers.DateTimeField()
    version = serializers.CharField()
    arrived = serializers.ListField(child=serializers.UUIDField())
    settled = SettledSerializer(many=True)
    lost = LostSerializer(many=True)
    yours = serializers.ListField(child=serializers.CharField())


class UploadSerializer(serializers.Serializer[Any]):
    author = serializers.CharField(max_length=64)
    record = serializers.UUIDField()
    size = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class ReceivedSerializer(serializers.Serializer[Any]):
    received = serializers.IntegerField()
    done = serializers.BooleanField(required=False)


_NOT_THE_AUTHOR = OpenApiResponse(
    OpenApiTypes.OBJECT, description='`{"code": "author"}`: somebody else is signed in.'
)


def _asked(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """What was sent, by its author; who that is comes before everything else."""
    sent: Any = request.data
    if not is_author(request.user, sent.get("author") if isinstance(sent, dict) else None):
        raise NotTheAuthor
    asked = _reader(serializer).run_validation(sent)
    return {name: value for name, value in asked.items() if name != "author"}


@cache
def _reader(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """One for all requests: making its fields anew costs more than reading them."""
    return serializer()


def _id_in(sent: Any) -> str:
    """The id as it was sent, by which a phone knows its record; "" where it could be none."""
    said = sent.get("id")
    return said[:36] if isinstance(said, str) and said.isascii() else ""


def _response(answer: Answer) -> Response:
    return Response(answer.body, status=answer.status)


class OutboxView(APIView):
    """Records and amendments, one at a time."""

    @extend_schema(
        request=SubmissionSerializer,
        responses={
            201: DoneSerializer,
            200: DoneSerializer,
            202: KeptSerializer,
            403: _NOT_THE_AUTHOR,
            409: RefusedSerializer,
            422: RefusedSerializer,
            429: OpenApiTypes.OBJECT,
        },
        operation_id="outbox_submit",
    )
    def post(self, request: Request) -> Response:
        """Receive one submission, exactly once: the same id gets the same answer."""
        try:
            asked = _asked(request, SubmissionSerializer)
        except serializers.ValidationError as error:
            # Shown with its reasons on the phone, like any other refusal.
            return _response(explained(_id_in(request.data), error, request.user))
        del asked["form"]
        return _response(receive(request.user, Posted(**asked)))


class ManifestView(APIView):
    """What still waits on a phone."""

    @extend_schema(
        request=ManifestSerializer,
        responses={200: HeardSerializer, 403: _NOT_THE_AUTHOR},
        operation_id="outbox_manifest",
    )
    def post(self, request: Request) -> Response:
        """Note what waits; answers what arrived, what became of the kept, and what is lost."""
        asked = _asked(request, ManifestSerializer)
        said = Manifest(
            phone=asked["phone"],
            waiting=dict(asked["waiting"][: manifest.MOST]),
            kept=asked["kept"][: manifest.MOST],
            discarded=asked["discarded"][: manifest.MOST],
            others=asked["others"],
        )
        return Response({"version": app_version(), **manifest.heard(request.user, said)})


class PieceParser(parsers.BaseParser):
    """Raw bytes, no more than one piece has."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream.read(photos.MOST_AT_ONCE + 1)


class PhotoView(APIView):
    """A photo in pieces, after its record."""

    def get_parsers(self) -> Any:
        # There is no request where the schema is written.
        if self.request is not None and self.request.method == "PUT":
            return [PieceParser()]
        return [parsers.JSONParser()]

    @extend_schema(
        request=UploadSerializer,
        responses={
            200: ReceivedSerializer,
            403: _NOT_THE_AUTHOR,
            404: OpenApiResponse(OpenApiTypes.OBJECT, description="The record is not there yet."),
            409: RefusedSerializer,
            422: RefusedSerializer,
            429: OpenApiTypes.OBJECT,
        },
        operation_id="outbox_photo_begin",
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Begin, or ask how much was received."""
        return _response(photos.begin(request.user, pk, **_asked(request, UploadSerializer)))

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)],
        responses={
            200: ReceivedSerializer,
            404: OpenApiResponse(OpenApiTypes.OBJECT, description="Nothing was begun."),
            409: ReceivedSerializer,
            413: OpenApiTypes.OBJECT,
            422: RefusedSerializer,
        },
        operation_id="outbox_photo_piece",
    )
    def put(self, request: Request, pk: Any) -> Response:
        """The next bytes, from `Upload-Offset` on; 409 says where to go on."""
        offset = request.headers.get("Upload-Offset", "")
        at = int(offset[:12]) if offset.isascii() and offset.isdigit() else -1
        piece: Any = request.data
        return _response(photos.take(request.user, pk, at, piece))
