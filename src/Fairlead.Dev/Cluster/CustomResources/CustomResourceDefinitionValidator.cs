using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Checks a CustomResourceDefinition the way <c>apiextensions.k8s.io/v1</c> does.</summary>
internal sealed class CustomResourceDefinitionValidator
{
    private static readonly FieldPath Spec = FieldPath.Root.Member("spec");

    private readonly List<FieldError> _errors = [];

    private CustomResourceDefinitionValidator()
    {
    }

    /// <param name="old">The stored definition on an update; null on create.</param>
    public static IReadOnlyList<FieldError> Validate(JsonObject crd, JsonObject? old)
    {
        var validator = new CustomResourceDefinitionValidator();
        if (crd["spec"] is not JsonObject spec)
            return [new FieldError(FieldErrorType.Required, Spec.ToString(), "")];
        validator.CheckNames(crd, spec);
        validator.CheckScopeAndConversion(spec);
        validator.CheckVersions(spec);
        if (old is not null)
            validator.CheckUpdate(spec, old, crd);
        return validator._errors;
    }

    private void CheckNames(JsonObject crd, JsonObject spec)
    {
        var group = Text(spec, "group") ?? "";
        var place = Spec.Member("group");
        if (group.Length == 0)
            Add(FieldErrorType.Required, place, "");
        else if (!CustomResourceNames.IsSubdomain(group))
            Add(FieldErrorType.Invalid, place, CustomResourceNames.SubdomainRule, group);
        else if (!group.Contains('.', StringComparison.Ordinal))
            Add(FieldErrorType.Invalid, place, "should be a domain with at least one dot", group);
        CheckProtectedGroup(crd, group);

        var names = spec["names"] as JsonObject ?? [];
        CheckLabel(names, "plural");
        CheckLabel(names, "singular");
        CheckKind(names, "kind");
        CheckKind(names, "listKind");
        if (Text(names, "kind") is { Length: > 0 } kind && kind == Text(names, "listKind"))
            Add(FieldErrorType.Invalid, Spec.Member("names").Member("listKind"), "kind and listKind may not be the same", kind);
        foreach (var list in (ReadOnlySpan<string>)["shortNames", "categories"])
        {
            var words = Texts(names, list);
            for (var i = 0; i < words.Length; i++)
            {
                if (!CustomResourceNames.IsLabel(words[i]))
                    Add(FieldErrorType.Invalid, Spec.Member("names").Member(list).Index(i), CustomResourceNames.LabelRule, words[i]);
            }
        }

        var name = Text(crd["metadata"] as JsonObject ?? [], "name") ?? "";
        if (name != $"{Text(names, "plural")}.{group}")
            Add(FieldErrorType.Invalid, FieldPath.Root.Member("metadata").Member("name"), "must be spec.names.plural+\".\"+spec.group", name);
    }

    private void CheckProtectedGroup(JsonObject crd, string group)
    {
        const string annotation = "api-approved.kubernetes.io";
        var isProtected = group is "k8s.io" or "kubernetes.io"
            || group.EndsWith(".k8s.io", StringComparison.Ordinal)
            || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);
        var annotations = (crd["metadata"] as JsonObject)?["annotations"] as JsonObject ?? [];
        if (isProtected && string.IsNullOrEmpty(Text(annotations, annotation)))
            Add(
                FieldErrorType.Required,
                FieldPath.Root.Member("metadata").Member("annotations").Key(annotation),
                $"protected groups must have approval annotation \"{annotation}\", see https://github.com/kubernetes/enhancements/pull/1111");
    }

    private void CheckLabel(JsonObject names, string member)
    {
        var text = Text(names, member) ?? "";
        var place = Spec.Member("names").Member(member);
        if (text.Length == 0)
            Add(FieldErrorType.Required, place, "");
        else if (!CustomResourceNames.IsLabel(text))
            Add(FieldErrorType.Invalid, place, CustomResourceNames.LabelRule, text);
    }

    private void CheckKind(JsonObject names, string member)
    {
        var text = Text(names, member) ?? "";
        var place = Spec.Member("names").Member(member);
        if (text.Length == 0)
            Add(FieldErrorType.Required, place, "");
        else if (!CustomResourceNames.IsLabel(text.ToLowerInvariant()))
            Add(FieldErrorType.Invalid, place, $"may have mixed case, but should otherwise match: {CustomResourceNames.LabelRule}", text);
    }

    private void CheckScopeAndConversion(JsonObject spec)
    {
        switch (Text(spec, "scope"))
        {
            case null or "":
                Add(FieldErrorType.Required, Spec.Member("scope"), "");
                break;
            case not ("Cluster" or "Namespaced") and var scope:
                Add(FieldErrorType.NotSupported, Spec.Member("scope"), "supported values: \"Cluster\", \"Namespaced\"", scope);
                break;
        }

        var conversion = spec["conversion"] as JsonObject ?? [];
        if (Text(conversion, "strategy") is { Length: > 0 } strategy && strategy != "None")
            Add(
                FieldErrorType.NotSupported,
                Spec.Member("conversion").Member("strategy"),
                "supported values: \"None\" (the embedded API server calls no conversion webhooks)",
                strategy);
        if (spec["preserveUnknownFields"]?.GetValueKind() == JsonValueKind.True)
            Add(
                FieldErrorType.Invalid,
                Spec.Member("preserveUnknownFields"),
                "cannot set to true, set x-preserve-unknown-fields to true in spec.versions[*].schema instead",
                "true",
                quoted: false);
    }

    private void CheckVersions(JsonObject spec)
    {
        var place = Spec.Member("versions");
        var versions = CustomResourceVersion.ReadAll(spec);
        if (versions.IsEmpty)
        {
            Add(FieldErrorType.Required, place, "must have exactly one version marked as storage version");
            return;
        }

        if (versions.Count(version => version.Storage) != 1)
            Add(FieldErrorType.Invalid, place, "must have exactly one version marked as storage version", JsonText.Of(spec["versions"]), quoted: false);
        var sameSchema = versions.All(version => JsonNode.DeepEquals(version.Schema, versions[0].Schema));
        for (var i = 0; i < versions.Length; i++)
        {
            var version = versions[i];
            if (!CustomResourceNames.IsLabel(version.Name))
                Add(FieldErrorType.Invalid, place.Index(i).Member("name"), CustomResourceNames.LabelRule, version.Name);
            if (versions.Take(i).Any(other => other.Name == version.Name))
                Add(FieldErrorType.Invalid, place, "must contain unique version names", JsonText.Of(spec["versions"]), quoted: false);

            // An API server reports a schema all versions share once, under the name it had before versions had their own.
            if (i == 0 || !sameSchema)
            {
                var owner = sameSchema ? Spec.Member("validation") : place.Index(i).Member("schema");
                CheckSchema(version, owner.Member("openAPIV3Schema"));
            }

            new VersionViewsValidator(_errors).Validate(version, place.Index(i));
        }
    }

    private void CheckSchema(CustomResourceVersion version, FieldPath place)
    {
        if (version.Schema is null)
            Add(FieldErrorType.Required, place, "schemas are required");
        else
            new StructuralSchemaValidator(_errors).ValidateRoot(version.Schema, place);
    }

    private void CheckUpdate(JsonObject spec, JsonObject old, JsonObject crd)
    {
        var oldSpec = old["spec"] as JsonObject ?? [];
        CheckImmutable(spec, oldSpec, Spec, "group");
        CheckImmutable(spec, oldSpec, Spec, "scope");
        var (names, oldNames) = (spec["names"] as JsonObject ?? [], oldSpec["names"] as JsonObject ?? []);
        CheckImmutable(names, oldNames, Spec.Member("names"), "plural");
        CheckImmutable(names, oldNames, Spec.Member("names"), "kind");
        var stored = Texts(crd["status"] as JsonObject ?? [], "storedVersions");
        var known = CustomResourceVersion.ReadAll(spec).Select(version => version.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < stored.Length; i++)
        {
            var version = stored[i];
            if (!known.Contains(version))
                Add(
                    FieldErrorType.Invalid,
                    FieldPath.Root.Member("status").Member("storedVersions").Index(i),
                    $"missing from spec.versions; {version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in {version} and removes {version} from status.storedVersions",
                    version);
        }
    }

    private void CheckImmutable(JsonObject obj, JsonObject old, FieldPath path, string member)
    {
        if (!JsonNode.DeepEquals(obj[member], old[member]))
            Add(FieldErrorType.Invalid, path.Member(member), "field is immutable", Text(obj, member) ?? "");
    }

    private void Add(FieldErrorType type, FieldPath path, string detail, string? value = null, bool quoted = true) =>
        _errors.Add(new FieldError(type, path.ToString(), detail, value is null || !quoted ? value : JsonText.Quote(value)));
}
