using System.Text.Json.Nodes;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <param name="Body">Null if the text is no JSON object.</param>
/// <param name="Location">The resource that was made.</param>
internal sealed record AcmeReply(string Text, JsonObject? Body, Uri? Location, TimeSpan? RetryAfter)
{
    public string Field(string name) => Body.Text(name) ?? throw new AcmeException($"The certificate authority's answer lacks '{name}'.");

    public Uri Address(string name) => Body.At(name).AsHttpUri() ?? throw new AcmeException($"The certificate authority's answer has no address as '{name}'.");
}
