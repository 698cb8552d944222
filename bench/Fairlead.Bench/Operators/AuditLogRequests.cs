using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fairlead.Bench.Operators;

/// <summary>Reads an API server's audit log: finished requests of all programs but Kubernetes' own and this one.</summary>
internal sealed partial class AuditLogRequests(string path) : IRequestSource
{
    private RequestTally _tally = RequestTally.Empty;
    private long _position;

    public async Task<RequestTally?> ReadAsync(CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await using (file.ConfigureAwait(false))
        {
            file.Position = _position;
            using var reader = new StreamReader(file);
            var text = await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);

            // The last line may be half written; it is read again next time.
            var complete = text[..(text.LastIndexOf('\n') + 1)];
            _position += System.Text.Encoding.UTF8.GetByteCount(complete);
            foreach (var line in complete.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (RequestIn(line) is { } request)
                {
                    _tally = _tally.Plus(request, 1);
                }
            }
        }

        return _tally;
    }

    private static string? RequestIn(string line)
    {
        using var document = JsonDocument.Parse(line);
        var entry = document.RootElement;
        if (Text(entry, "stage") != "ResponseComplete" || Others().IsMatch(Text(entry, "userAgent")))
        {
            return null;
        }

        if (!entry.TryGetProperty("objectRef", out var subject))
        {
            return $"{Text(entry, "verb")} {Text(entry, "requestURI")}";
        }

        var subresource = Text(subject, "subresource");
        return $"{Text(entry, "verb")} {Text(subject, "resource")}{(subresource.Length == 0 ? "" : "/" + subresource)}";
    }

    private static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    [GeneratedRegex("^(kube-|fairlead-bench|kubectl|etcd|Go-http-client|curl)")]
    private static partial Regex Others();
}
