"""Forms, serializers and views of Django that bind, store and show by themselves."""

import pytest

from spawngate.codescan.scan import scan
from tests.codescan.projects import models

MODELS = "from django.db import models\nclass Tool(models.Model):\n    launcher = models.CharField(max_length=9)\n"
VIEWS = """from mcp import StdioServerParameters
from rest_framework import generics, viewsets
from .models import Tool
from .forms import ToolSerializer
class Tools({base}):
    queryset = Tool.objects.all()
    serializer_class = ToolSerializer
    def start(self, request):
        return StdioServerParameters(command=self.get_object().launcher)
"""
SERIALIZER = """from rest_framework import serializers
from .models import Tool
class ToolSerializer(serializers.ModelSerializer):
    {own}
    class Meta:
        model = Tool
        {meta}
"""


def told(base: str, meta: str, own: str = "pass") -> list[tuple[str, str]]:
    files = {
        "tools/models.py": MODELS,
        "tools/views.py": VIEWS.format(base=base),
        "tools/forms.py": SERIALIZER.format(meta=meta, own=own),
    }
    result = scan({path: text.encode() for path, text in files.items()}, models())
    return [(each.source.value, each.grade.value) for each in result.findings]


@pytest.mark.parametrize("meta", ["fields = ['launcher']", "fields = '__all__'", "exclude = ['id']"])
@pytest.mark.parametrize("base", ["viewsets.ModelViewSet", "generics.ListCreateAPIView", "generics.UpdateAPIView"])
def test_views_that_store_what_they_are_sent(base: str, meta: str) -> None:
    assert told(base, meta) == [("http", "high")]


@pytest.mark.parametrize(
    ("base", "meta", "own"),
    [
        ("viewsets.ReadOnlyModelViewSet", "fields = '__all__'", "pass"),
        ("viewsets.ModelViewSet", "fields = ['id']", "pass"),
        ("viewsets.ModelViewSet", "fields = '__all__'\n        read_only_fields = ['launcher']", "pass"),
        ("viewsets.ModelViewSet", "fields = '__all__'", "launcher = serializers.ChoiceField(['a'])"),
        ("viewsets.ModelViewSet", "fields = '__all__'", "launcher = serializers.CharField(read_only=True)"),
    ],
)
def test_views_that_do_not(base: str, meta: str, own: str) -> None:
    assert told(base, meta, own) == [("db", "medium")]


@pytest.mark.parametrize(
    ("field", "found"),
    [("CharField()", [("http", "high")]), ("ChoiceField(['a'])", []), ("IntegerField()", [])],
)
def test_what_a_bound_serializer_lets_through(field: str, found: list[tuple[str, str]]) -> None:
    source = f"""from mcp import StdioServerParameters
from rest_framework import serializers
from rest_framework.views import APIView
class Body(serializers.Serializer):
    launcher = serializers.{field}
class Start(APIView):
    def post(self, request):
        body = Body(data=request.data)
        body.is_valid(raise_exception=True)
        return StdioServerParameters(command=body.validated_data["launcher"])
"""
    result = scan({"views.py": source.encode()}, models())
    assert [(each.source.value, each.grade.value) for each in result.findings] == found


def test_a_form_of_django() -> None:
    source = b"""from django import forms
from django.views import View
from mcp import StdioServerParameters
class Start(forms.Form):
    launcher = forms.CharField()
class Page(View):
    def post(self, request):
        form = Start(request.POST)
        form.is_valid()
        return StdioServerParameters(command=form.cleaned_data["launcher"])
"""
    result = scan({"views.py": source}, models())
    assert [(each.source.value, each.grade.value) for each in result.findings] == [("http", "high")]
