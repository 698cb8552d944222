using Fairlead.DevEnvironments;
using Fairlead.DevSessions;
using Fairlead.EndToEnd.Tests.Processes;
using Fairlead.Manifests;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.EndToEnd.Tests.Dev;

/// <summary>The examples, on the composition that <c>fairlead dev</c> shows.</summary>
public sealed class DevEnvironmentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_examples_answer_over_the_tailnet_and_count_in_its_database()
    {
        await using var environment = await DevEnvironment.StartAsync(new DevEnvironmentOptions { Directory = _directory.Path }, Stop);
        await using var database = await environment.StartDatabaseAsync("db", Stop);
        await using var laptop = await environment.StartLaptopAsync(DevLaptop.DirectoryIn(_directory.Path), Stop);
        await using var running = environment.StartOperator();
        using var client = environment.NewClient("user");
        var user = new DevCluster(client);
        foreach (var (name, text) in ManifestFiles.Read([Path.Combine(AppContext.BaseDirectory, "examples")], TextReader.Null))
        {
            foreach (var source in ManifestReader.Read(name, text, []))
            {
                Assert.Null((await user.ApplyAsync(source, Stop)).Problem);
            }
        }

        Assert.Contains("Hello from argocd-server-", await GetAsync(laptop.Node, "lolice-argocd"), StringComparison.Ordinal);
        Assert.Contains("This is visit number ", await GetAsync(laptop.Node, "default-web"), StringComparison.Ordinal);
    }

    /// <summary>Asks as soon as the name is known, and again until the way to the app is complete.</summary>
    private static async Task<string> GetAsync(TailnetNode laptop, string host)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await foreach (var status in laptop.WatchStatusAsync(limit.Token))
        {
            if (status.Peers.Any(peer => peer.HostName == host && peer.Online == true))
            {
                break;
            }
        }

        using var http = new HttpClient(laptop.CreateHttpHandler());
        while (true)
        {
            try
            {
                return await http.GetStringAsync(new Uri($"http://{host}/"), limit.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
    }
}
