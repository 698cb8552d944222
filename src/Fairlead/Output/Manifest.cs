using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Output;

/// <summary>An object to print, and what to say about it.</summary>
/// <param name="Notes">Lines of text; comments in YAML, left out of JSON.</param>
internal sealed record Manifest(JsonObject Object, ImmutableArray<string> Notes)
{
    public Manifest(JsonObject @object)
        : this(@object, [])
    {
    }
}
