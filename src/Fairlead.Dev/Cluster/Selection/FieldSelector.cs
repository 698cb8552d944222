using System.Collections.Immutable;
using System.Text;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Selection;

/// <summary>A conjunction of equalities on selectable fields.</summary>
internal sealed record FieldSelector(ImmutableArray<FieldRequirement> Requirements)
{
    public static readonly FieldSelector Everything = new([]);

    /// <summary>The one name that can match, when the selector names it.</summary>
    public string? Name => Requirements.FirstOrDefault(r => r is { Path: "metadata.name", Negated: false })?.Value;

    /// <exception cref="ApiStatusException">400 for bad syntax and for fields that cannot be selected by.</exception>
    public static FieldSelector Parse(string? text, ResourceDefinition definition)
    {
        if (string.IsNullOrEmpty(text))
            return Everything;
        var requirements = ImmutableArray.CreateBuilder<FieldRequirement>();
        foreach (var term in SplitTerms(text))
        {
            var requirement = ParseTerm(term, text);
            if (requirement.Path is not ("metadata.name" or "metadata.namespace")
                && !definition.SelectableFields.Contains(requirement.Path))
                throw ApiErrors.BadRequest(
                    $"Unable to find \"{definition.ApiVersion}, Resource={definition.Plural}\" that match field selector \"{text}\": " +
                    $"field label not supported: {requirement.Path}");
            requirements.Add(requirement);
        }

        return new FieldSelector(requirements.ToImmutable());
    }

    public bool Matches(StoredObject obj)
    {
        foreach (var r in Requirements)
        {
            var value = r.Path switch
            {
                "metadata.name" => obj.Key.Name,
                "metadata.namespace" => obj.Key.Namespace,
                _ => obj.Fields.GetValueOrDefault(r.Path, ""),
            };
            if (value == r.Value == r.Negated)
                return false;
        }

        return true;
    }

    private static FieldRequirement ParseTerm(string term, string text)
    {
        foreach (var symbol in (ReadOnlySpan<string>)["!=", "==", "="])
        {
            var at = term.IndexOf(symbol, StringComparison.Ordinal);
            if (at > 0)
                return new FieldRequirement(term[..at], Unescape(term[(at + symbol.Length)..]), symbol == "!=");
        }

        throw ApiErrors.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
    }

    /// <summary>Terms are separated by commas that no backslash precedes.</summary>
    private static IEnumerable<string> SplitTerms(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                if (i > start)
                    yield return text[start..i];
                start = i + 1;
            }
        }

        if (start < text.Length)
            yield return text[start..];
    }

    private static string Unescape(string value)
    {
        if (!value.Contains('\\'))
            return value;
        var plain = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
                i++;
            plain.Append(value[i]);
        }

        return plain.ToString();
    }
}
