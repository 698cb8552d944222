using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Proxy.Tests.GroupServices;
using Fairlead.Proxy.Tests.Tailscaled;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Fairlead.Testing;

namespace Fairlead.Proxy.Tests.Certificates;

public sealed class SharedHttpsTests : GroupProxyTest
{
    private const string Domain = "web.embedded.ts.net";
    private const string AccountField = "_default.acme-account.key.pem";
    private const string ServeConfig = """{"Services":{"svc:web":{"TCP":{"443":{"HTTPS":true}},"Web":{"web.embedded.ts.net:443":{"Handlers":{"/":{"Text":"over TLS"}}}}}}}""";

    private AcmeServer _authority = null!;

    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with
    {
        Policy = """
            {
              "tagOwners": {"tag:k8s": []},
              "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
              "autoApprovers": {"services": {"svc:web": ["tag:k8s"]}},
            }
            """,
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _authority = await AcmeServer.StartAsync(
            name => Tailnet.Coordination.Records.Snapshot().Where(record => record.Name.TrimEnd('.') == name).Select(record => record.Value));
        Tailnet.Services.Put(new TailnetService { Name = "svc:web", Addresses = ["100.64.250.7", "fd7a:115c:a1e0::fa07"], Ports = ["tcp:443"] });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _authority.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_first_Pod_issues_and_all_serve_one_certificate()
    {
        await CreateSecretAsync(Domain, "kubernetes.io/tls", ("tls.crt", ""), ("tls.key", ""));
        await CreateSecretAsync("tailscale-acme-accounts", "Opaque");
        var mount = Mount(("serve-config.json", ServeConfig));
        var devices = new[] { MountDevice("in-0", ["tag:k8s"]), MountDevice("in-1", ["tag:k8s"]) };
        var first = await StartAsync(0, devices[0], mount);
        var second = await StartAsync(1, devices[1], mount);

        // It is issued before any Pod offers the Service, for which the operator waits.
        await Wait.UntilAsync("the certificate is shared", () => DataAsync(Domain).Result.GetValueOrDefault("tls.crt") is { Length: > 0 });
        var shared = await DataAsync(Domain);
        var account = (await DataAsync("tailscale-acme-accounts"))[AccountField];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(account)), Encoding.ASCII.GetString(shared["acme-account-fingerprint"]));
        Assert.Empty(Tailnet.Devices.Snapshot().SelectMany(device => device.Node!.AdvertisedServices));
        Assert.DoesNotContain((await DataAsync("in-0")).Keys, key => key.EndsWith(".key", StringComparison.Ordinal) || key.StartsWith("acme", StringComparison.Ordinal));
        var laptop = await JoinAsync("laptop");
        var expected = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(shared["tls.crt"])).Thumbprint;

        await OfferAsync(devices[1], "in-1", "svc:web");
        Assert.Equal(("over TLS", expected), await RequestAsync(laptop));
        await OfferAsync(devices[1], "in-1");
        await OfferAsync(devices[0], "in-0", "svc:web");
        Assert.Equal(("over TLS", expected), await RequestAsync(laptop));

        Assert.Single(_authority.NewOrders);
        Assert.False(first.Ended.IsCompleted || second.Ended.IsCompleted);
    }

    [Theory]
    [InlineData(429, "7200", "02:00:00")]
    [InlineData(500, null, "00:01:00")]
    public async Task A_coordination_server_that_refuses_a_proof_is_asked_again(int status, string? retryAfter, string wait)
    {
        await CreateSecretAsync(Domain, "kubernetes.io/tls", ("tls.crt", ""), ("tls.key", ""));
        await CreateSecretAsync("tailscale-acme-accounts", "Opaque");
        Tailnet.Faults.Add(Fault.Answering("POST", "^/machine/set-dns$", status) with { RetryAfter = retryAfter });

        var pod = await StartAsync(0, MountDevice("in-0", ["tag:k8s"]), Mount(("serve-config.json", ServeConfig)));

        await Wait.UntilAsync("it will ask again", () => Log.Text.Contains($"There is no certificate for {Domain}, asking again in {wait}", StringComparison.Ordinal));
        Assert.Contains("/machine/set-dns", Log.Text, StringComparison.Ordinal);
        Assert.False(pod.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_configuration_that_waits_for_HTTPS_is_served_once_the_tailnet_turns_that_on()
    {
        Tailnet.Settings.HttpsEnabled = false;
        var mount = Mount(("serve-config.json", """{"TCP":{"443":{"HTTPS":true}},"Web":{"web.embedded.ts.net:443":{"Handlers":{"/":{"Text":"at last"}}}}}"""));
        var pod = await StartPodAsync(
            "app-0",
            "127.97.4.10",
            MountDevice("web"),
            ("TS_SERVE_CONFIG", mount.PathOf("serve-config.json")),
            ("TS_DEBUG_ACME_DIRECTORY_URL", _authority.Directory.ToString()),
            ("TS_DEBUG_ACME_FORCE_RENEWAL", "true"));
        await StateAsync(pod, "app-0", "https_endpoint", name => name == "no-https");
        var laptop = await JoinAsync("laptop");
        await StateAsync(pod, "app-0", "device_ips", _ => true);

        Tailnet.Settings.HttpsEnabled = true;
        await StateAsync(pod, "app-0", "https_endpoint", name => name == Domain);

        Assert.Equal("at last", (await RequestAsync(laptop)).Text);
        Assert.Single(Log.Text.Split('\n'), line => line.Contains("nothing is served", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_served_before_a_configuration_that_waits_for_HTTPS_is_served_until_then()
    {
        Tailnet.Settings.HttpsEnabled = false;
        const string Plain = """{"TCP":{"80":{"HTTP":true}},"Web":{"web:80":{"Handlers":{"/":{"Text":"plain"}}}}}""";
        const string Both = """{"TCP":{"80":{"HTTP":true},"443":{"HTTPS":true}},"Web":{"web:80":{"Handlers":{"/":{"Redirect":"302:https://${HOST}/"}}},"${TS_CERT_DOMAIN}:443":{"Handlers":{"/":{"Text":"over TLS"}}}}}""";
        var mount = Mount(("serve-config.json", Plain));
        var pod = await StartPodAsync(
            "app-0",
            "127.97.4.11",
            MountDevice("web"),
            ("TS_SERVE_CONFIG", mount.PathOf("serve-config.json")),
            ("TS_DEBUG_ACME_DIRECTORY_URL", _authority.Directory.ToString()),
            ("TS_DEBUG_ACME_FORCE_RENEWAL", "true"));
        await StateAsync(pod, "app-0", "device_ips", _ => true);
        var laptop = await JoinAsync("laptop");
        await SeesAsync(laptop, "web");
        using var handler = laptop.CreateHttpHandler();
        handler.AllowAutoRedirect = false;
        using var client = new HttpClient(handler) { BaseAddress = new Uri("http://web/") };
        Assert.Equal("plain", await client.GetStringAsync("/", Stop));

        mount.Replace(("serve-config.json", Both));
        await Wait.UntilAsync("what waits is said", () => Log.Text.Contains($"{mount.PathOf("serve-config.json")} serves HTTPS, and the tailnet issues no certificates", StringComparison.Ordinal));
        Assert.Equal("plain", await client.GetStringAsync("/", Stop));
        await Assert.ThrowsAsync<IOException>(() => laptop.DialAsync("web", 443, Stop));
        Assert.Empty(_authority.NewOrders);
        Assert.Equal("no-https", await StateAsync("app-0", "https_endpoint"));

        Tailnet.Settings.HttpsEnabled = true;
        Assert.Equal("over TLS", (await RequestAsync(laptop)).Text);
        using var redirected = await client.GetAsync("/", Stop);
        Assert.Equal(HttpStatusCode.Redirect, redirected.StatusCode);
        Assert.False(pod.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_Service_serves_what_needs_no_certificate_until_the_tailnet_allows_one()
    {
        Tailnet.Settings.HttpsEnabled = false;
        Tailnet.Services.Put(new TailnetService { Name = "svc:web", Addresses = ["100.64.250.7", "fd7a:115c:a1e0::fa07"], Ports = ["tcp:80", "tcp:443"] });
        await CreateSecretAsync(Domain, "kubernetes.io/tls", ("tls.crt", ""), ("tls.key", ""));
        await CreateSecretAsync("tailscale-acme-accounts", "Opaque");
        var mount = Mount(("serve-config.json", """
            {"Services":{"svc:web":{"TCP":{"80":{"HTTP":true},"443":{"HTTPS":true}},
              "Web":{"web.embedded.ts.net:80":{"Handlers":{"/":{"Text":"plain"}}},"web.embedded.ts.net:443":{"Handlers":{"/":{"Text":"over TLS"}}}}}}}
            """));
        var device = MountDevice("in-0", ["tag:k8s"]);
        var pod = await StartAsync(0, device, mount);
        await Wait.UntilAsync("what waits is said", () => Log.Text.Contains($"The tailnet allows no certificate for {Domain} yet", StringComparison.Ordinal));
        await OfferAsync(device, "in-0", "svc:web");
        var laptop = await JoinAsync("laptop");

        Assert.Equal("plain", (await RequestAsync(laptop, "http")).Text);
        Assert.Empty(_authority.NewOrders);

        Tailnet.Settings.HttpsEnabled = true;
        Assert.Equal("over TLS", (await RequestAsync(laptop)).Text);
        Assert.Single(_authority.NewOrders);
        Assert.False(pod.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_device_serves_HTTPS_under_its_own_name_with_a_certificate_of_its_own()
    {
        var mount = Mount(("serve-config.json", """{"TCP":{"443":{"HTTPS":true}},"Web":{"${TS_CERT_DOMAIN}:443":{"Handlers":{"/":{"Text":"own name"}}}}}"""));
        var pod = await StartPodAsync(
            "app-0",
            "127.97.4.9",
            MountDevice("web"),
            ("TS_SERVE_CONFIG", mount.PathOf("serve-config.json")),
            ("TS_DEBUG_ACME_DIRECTORY_URL", _authority.Directory.ToString()),
            ("TS_DEBUG_ACME_FORCE_RENEWAL", "true"));
        Assert.Equal(Domain, await StateAsync(pod, "app-0", "https_endpoint", _ => true));
        var laptop = await JoinAsync("laptop");

        var (text, _) = await RequestAsync(laptop);

        Assert.Equal("own name", text);
        var state = await DataAsync("app-0");
        Assert.Contains($"{Domain}.crt", state.Keys);
        Assert.Contains($"{Domain}.key", state.Keys);
        Assert.Contains("acme-account.key.pem", state.Keys);
    }

    private Task<PodProcess> StartAsync(int ordinal, MountedFiles device, MountedFiles mount) => StartPodAsync(
        $"in-{ordinal}",
        $"127.97.4.{ordinal + 3}",
        device,
        ("TS_SERVE_CONFIG", mount.PathOf("serve-config.json")),
        ("TS_EXPERIMENTAL_CERT_SHARE", "true"),
        ("TS_ACME_ACCOUNT_SECRET_NAME", "tailscale-acme-accounts"),
        ("TS_ACME_ACCOUNT_FIELD", AccountField),
        ("TS_DEBUG_ACME_DIRECTORY_URL", _authority.Directory.ToString()));

    private async Task OfferAsync(MountedFiles device, string hostname, params string[] services)
    {
        device.Replace(("cap-106.hujson", DeviceConfiguration(hostname, "", services)));
        await Wait.UntilAsync(
            $"{hostname} offers {services.Length} services",
            () => Tailnet.Devices.Snapshot().Single(each => each.Hostname == hostname).Node!.AdvertisedServices.SequenceEqual(services));
    }

    /// <summary>What is served, and the thumbprint of the certificate it is served with.</summary>
    private static async Task<(string Text, string Thumbprint)> RequestAsync(TailnetNode laptop, string scheme = "https")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var thumbprint = "";
        using var handler = laptop.CreateHttpHandler();
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                thumbprint = ((X509Certificate2)certificate!).Thumbprint;
                return (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
            },
        };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20 };
        while (true)
        {
            try
            {
                return (await client.GetStringAsync($"{scheme}://{Domain}/", limit.Token), thumbprint);
            }
            catch (HttpRequestException) when (!limit.IsCancellationRequested)
            {
                // The laptop is not told yet who hosts it now.
                await Task.Delay(20, limit.Token);
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, byte[]>> DataAsync(string name) =>
        (await Client.For(KubernetesResources.Secrets).GetAsync(new ObjectKey("default", name), Stop)).Data ?? new Dictionary<string, byte[]>();

    private Task<Secret> CreateSecretAsync(string name, string type, params (string Name, string Value)[] data) => Client.For(KubernetesResources.Secrets).CreateAsync(
        new Secret
        {
            Metadata = new ObjectMeta
            {
                Namespace = "default",
                Name = name,
                Labels = new Dictionary<string, string>
                {
                    ["tailscale.com/managed"] = "true",
                    ["tailscale.com/proxy-group"] = "in",
                    ["tailscale.com/secret-type"] = "certs",
                },
            },
            Type = type,
            Data = data.ToDictionary(pair => pair.Name, pair => Encoding.ASCII.GetBytes(pair.Value)),
        },
        cancellationToken: Stop);
}
