using System.Net;
using Fairlead.Kubernetes.Observability;

namespace Fairlead.Kubernetes.Tests.Observability;

public sealed class ObservabilityServerTests
{
    [Fact]
    public async Task Health_says_which_check_failed_and_why()
    {
        using var exporter = new PrometheusExporter("none");
        string? problem = null;
        await using var server = await ObservabilityServer.StartAsync(
            new ObservabilityOptions { Address = IPAddress.Loopback, Port = 0 },
            exporter,
            [new HealthCheck("workers", () => null)],
            [new HealthCheck("caches", () => problem), new HealthCheck("other", () => null)],
            TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };

        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(http, "/healthz"));
        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(http, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "[+]workers ok\nok\n"), await GetAsync(http, "/healthz?verbose"));
        problem = "configmaps are not listed yet";
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "[-]caches failed: configmaps are not listed yet\n[+]other ok\ncheck failed\n"),
            await GetAsync(http, "/readyz"));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(http, "/elsewhere")).Status);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_at_the_start()
    {
        using var exporter = new PrometheusExporter("none");
        await using var first = await StartAsync(exporter, 0);

        await Assert.ThrowsAsync<IOException>(() => StartAsync(exporter, first.Port));
    }

    private static Task<ObservabilityServer> StartAsync(PrometheusExporter exporter, int port) => ObservabilityServer.StartAsync(
        new ObservabilityOptions { Address = IPAddress.Loopback, Port = port }, exporter, [], [], TestContext.Current.CancellationToken);

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
