using System.Text.Json.Nodes;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <param name="Body">Null if the text is no JSON object.</param>
/// <param name="Location">The resource that was made.</param>
internal sealed record AcmeReply(string Text, JsonNode? Body, Uri? Location, TimeSpan? RetryAfter)
{
    public string Field(string name) => Body?[name]?.ToString() ?? throw new AcmeException($"The certificate authority's answer lacks '{name}'.");
}
