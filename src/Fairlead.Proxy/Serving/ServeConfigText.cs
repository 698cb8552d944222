using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Proxy.Serving;

/// <summary>A serve configuration as the operator mounts it, and as a device gets it.</summary>
/// <param name="Json">With the device's certificate name in place of the placeholder.</param>
/// <param name="NeedsHttps">Whether it serves HTTPS under the device's own name.</param>
/// <param name="Services">Names of the Tailscale Services that it serves.</param>
/// <param name="CertificateDomains">Names that its Services end TLS for.</param>
internal sealed record ServeConfigText(string Json, bool NeedsHttps, IReadOnlyList<string> Services, IReadOnlyList<string> CertificateDomains)
{
    private const string HttpsPort = ":443";

    /// <summary>Of two values of one name, nobody can tell which was meant.</summary>
    private static readonly JsonDocumentOptions Form = new() { AllowDuplicateProperties = false };

    /// <summary>Stands in the file for a name that only the device knows.</summary>
    private const string Placeholder = "${TS_CERT_DOMAIN}";

    /// <summary>What replaces the placeholder, and what the operator reads, where the tailnet issues no certificates.</summary>
    public const string NoHttps = "no-https";

    /// <exception cref="FormatException">The file is no JSON object; the message names the line.</exception>
    public static ServeConfigText Parse(ReadOnlySpan<byte> file, string certDomain)
    {
        var text = Encoding.UTF8.GetString(file).Replace(Placeholder, certDomain, StringComparison.Ordinal);
        try
        {
            var root = JsonNode.Parse(text, documentOptions: Form) as JsonObject ?? throw new FormatException("The serve configuration is no JSON object.");
            var needsHttps = root["TCP"] is JsonObject tcp && tcp.Any(port => port.Value is JsonObject handler && handler["HTTPS"] is JsonValue https && https.GetValueKind() == JsonValueKind.True);
            return new ServeConfigText(text, needsHttps, root["Services"] is JsonObject services ? [.. services.Select(service => service.Key)] : [], [.. Domains(root)]);
        }
        catch (JsonException e)
        {
            throw new FormatException($"The serve configuration is no JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}.");
        }
    }

    private static IEnumerable<string> Domains(JsonObject root)
    {
        var services = (root["Services"] as JsonObject ?? []).Select(service => service.Value).OfType<JsonObject>().ToList();
        var web = services
            .SelectMany(service => (service["Web"] as JsonObject ?? []).Select(server => server.Key))
            .Where(host => host.EndsWith(HttpsPort, StringComparison.Ordinal))
            .Select(host => host[..^HttpsPort.Length]);
        var tcp = services
            .SelectMany(service => (service["TCP"] as JsonObject ?? []).Select(port => (port.Value as JsonObject)?["TerminateTLS"]))
            .OfType<JsonValue>()
            .Select(name => name.ToString());
        return web.Concat(tcp).Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
    }
}
