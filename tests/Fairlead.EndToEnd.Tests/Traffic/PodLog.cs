using System.Net.Http.Headers;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>What a Pod prints, as <c>kubectl logs --follow</c> shows it.</summary>
public sealed class PodLog : IDisposable
{
    private readonly HttpClient _http;
    private readonly StreamReader _lines;

    private PodLog(HttpClient http, StreamReader lines) => (_http, _lines) = (http, lines);

    /// <summary>The log of a proxy's container as it runs now, from its beginning.</summary>
    public static async Task<PodLog> FollowAsync(TrafficEnvironment environment, string pod)
    {
        var cluster = environment.Parts.Cluster;
        var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.CreateUser("log-reader", "system:masters"));
        var path = $"api/v1/namespaces/{TrafficEnvironment.ProxyNamespace}/pods/{pod}/log?follow=true";
        return new PodLog(http, new StreamReader(await http.GetStreamAsync(new Uri(cluster.Url, path), TestContext.Current.CancellationToken)));
    }

    /// <summary>Waits for a line that contains a text.</summary>
    public async Task LineAsync(string text)
    {
        using var limit = TrafficEnvironment.NewLimit();
        while (await _lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The container ended without \"{text}\" in its log.");
    }

    public void Dispose()
    {
        _lines.Dispose();
        _http.Dispose();
    }
}
