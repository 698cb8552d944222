using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Bench.Operators;

/// <summary>Reads our operator's own count of its requests from its metrics.</summary>
internal sealed partial class MetricsRequests(int port) : IRequestSource, IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public async Task<RequestTally?> ReadAsync(CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            // Another operator, which knows nothing of this port.
            return null;
        }

        var tally = RequestTally.Empty;
        foreach (Match line in Requests().Matches(text))
        {
            tally = tally.Plus(
                $"{Label(line.Groups[1].Value, "verb")} {Label(line.Groups[1].Value, "resource")}",
                (long)double.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture));
        }

        return tally;
    }

    public void Dispose() => _http.Dispose();

    private static string Label(string labels, string name) => Regex.Match(labels, $"{name}=\"([^\"]*)\"").Groups[1].Value;

    [GeneratedRegex(@"^kubernetes_client_requests_total\{([^}]*)\} (\S+)", RegexOptions.Multiline)]
    private static partial Regex Requests();
}
