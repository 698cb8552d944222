using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Keys;
using Fairlead.Testing;

namespace Fairlead.Tailscale.Tests.Fixtures;

/// <summary>A tailnet of its own, with a client that may do everything, for each test.</summary>
public abstract class TailnetTest : IAsyncLifetime
{
    protected static readonly AuthKeyRequest ProxyKey = new() { Tags = ["tag:k8s"] };

    private readonly List<IDisposable> _clients = [];

    internal ManualTime Time { get; } = new();

    protected EmbeddedTailnet Tailnet { get; private set; } = null!;

    protected ApiClient OAuthClient { get; private set; } = null!;

    protected TailscaleClient Client { get; private set; } = null!;

    internal RecordingLogger Logger { get; } = new();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Tailnet = await EmbeddedTailnet.StartAsync(new EmbeddedTailnetOptions { Time = Time, Random = new Random(1) }, Stop);
        OAuthClient = Tailnet.Clients.AddOAuthClient([Scopes.All], ["tag:k8s-operator"]);
        Client = NewClient();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await Tailnet.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected TailscaleClient NewClient(
        ICredentialSource? credentials = null, Func<TailscaleClientOptions, TailscaleClientOptions>? vary = null)
    {
        var options = new TailscaleClientOptions
        {
            BaseAddress = Tailnet.BaseAddress,
            Credentials = credentials ?? OAuthClientCredentials.FromValues(OAuthClient.Id, OAuthClient.Secret!),
            Time = Time,
            Random = new Random(1),
            Logger = Logger,
            UserAgent = "fairlead-tests",
        };
        var client = new TailscaleClient(vary?.Invoke(options) ?? options);
        _clients.Add(client);
        return client;
    }

    /// <summary>Lets the client's wait between two tries pass.</summary>
    internal async Task<TimeSpan> PassRetryWaitAsync()
    {
        // The calls' own time limit of 60 s is a timer too.
        var wait = await Time.WaiterAsync(TimeSpan.Zero, TimeSpan.FromSeconds(30), Stop);
        Time.Advance(wait);
        return wait;
    }

    protected int CallsTo(string method, string path) =>
        Tailnet.Calls.Snapshot().Count(call => call.Method == method && call.Path == path);

    protected int TokenCalls => Tailnet.Calls.Snapshot().Count(call => call.Path.StartsWith("/api/v2/oauth/", StringComparison.Ordinal));
}
