using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;
using Fairlead.Proxy.Tests.Managed;
using Fairlead.Proxy.Tests.Tailscaled;

namespace Fairlead.Proxy.Tests.GroupServices;

/// <summary>Pods of a ProxyGroup, with the environment, files and Secrets that an operator gives them.</summary>
public abstract class GroupProxyTest : ManagedProxyTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fairlead-group-");
    private readonly List<IAsyncDisposable> _pods = [];
    private readonly List<IDisposable> _opened = [];

    private protected EmbeddedCluster Cluster { get; private set; } = null!;

    private protected KubernetesClient Client { get; private set; } = null!;

    private protected LogLines Log { get; } = new();

    /// <summary>A Pod that hosts services waits that long before it ends; tests would.</summary>
    private protected HeldTime FailOver { get; } = new(TimeSpan.FromSeconds(20));

    private string Kubeconfig => Path.Combine(_folder.FullName, "kubeconfig");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false, Rbac = false, Controllers = false }, Stop);
        await Cluster.WriteKubeconfigAsync(Kubeconfig, Stop);
        Client = new KubernetesClient(new ClusterConfiguration { Server = Cluster.Url });
    }

    public override async ValueTask DisposeAsync()
    {
        FailOver.Release();
        foreach (var pod in _pods)
        {
            await pod.DisposeAsync();
        }

        await base.DisposeAsync();
        Client.Dispose();
        await Cluster.DisposeAsync();
        _opened.ForEach(opened => opened.Dispose());
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The device's configuration, as the operator's Secret has it.</summary>
    private protected string DeviceConfiguration(string hostname, string authKey, params string[] services) => new JsonObject
    {
        ["Version"] = "alpha0",
        ["Locked"] = false,
        ["Hostname"] = hostname,
        ["AuthKey"] = authKey,
        ["ServerURL"] = Tailnet.BaseAddress.ToString(),
        ["acceptDNS"] = false,
        ["AdvertiseServices"] = new JsonArray([.. services.Select(service => (JsonNode)service)]),
    }.ToJsonString();

    private protected MountedFiles Mount(params (string Name, string Content)[] files) => Track(new MountedFiles(files));

    private protected MountedFiles MountDevice(string hostname, string[]? tags = null, params string[] services) =>
        Mount(("cap-106.hujson", DeviceConfiguration(hostname, NewAuthKey(tags ?? []), services)));

    /// <summary>Runs one, whose state Secret has its name and is there.</summary>
    private protected async Task<PodProcess> StartPodAsync(string name, string podIps, MountedFiles device, params (string Name, string Value)[] variables)
    {
        var secret = new Secret { Metadata = new ObjectMeta { Namespace = "default", Name = name } };
        if (await Client.For(KubernetesResources.Secrets).TryGetAsync(new ObjectKey("default", name), Stop) is null)
        {
            await Client.For(KubernetesResources.Secrets).CreateAsync(secret, cancellationToken: Stop);
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["FAIRLEAD_PROXY_ENGINE"] = "managed",
            ["KUBERNETES_SERVICE_HOST"] = "127.0.0.1",
            ["TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR"] = device.Path,
            ["TS_EXPERIMENTAL_SERVICE_AUTO_ADVERTISEMENT"] = "false",
            ["TS_KUBE_SECRET"] = name,
            ["POD_NAME"] = name,
            ["POD_UID"] = $"uid-of-{name}",
            ["POD_IPS"] = podIps,
            ["TS_LOCAL_ADDR_PORT"] = "127.0.0.1:0",
        };
        foreach (var (variable, value) in variables)
        {
            environment[variable] = value;
        }

        var pod = new PodProcess(new ProxyProcess(
            ProxyConfigurationReader.Read(environment, hasDaemon: false),
            new ProxyProcessOptions { Cluster = new ClusterConfigurationOptions { Path = Kubeconfig }, LoggerFactory = Log, Time = FailOver }));
        pod.Start();
        _pods.Add(pod);
        return pod;
    }

    private protected async Task<string?> StateAsync(string secret, string key) =>
        (await Client.For(KubernetesResources.Secrets).TryGetAsync(new ObjectKey("default", secret), Stop))?.Data?.GetValueOrDefault(key) is { } value
            ? Encoding.UTF8.GetString(value)
            : null;

    /// <summary>Waits until a key of a state Secret is as wanted, and the process still runs.</summary>
    private protected async Task<string> StateAsync(PodProcess pod, string secret, string key, Func<string, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var last = "";
        while (!limit.IsCancellationRequested)
        {
            if (pod.Ended.IsFaulted)
            {
                await pod.Ended;
            }

            last = await StateAsync(secret, key) ?? "";
            if (last.Length > 0 && condition(last))
            {
                return last;
            }

            await Task.Delay(10, Stop);
        }

        throw new InvalidOperationException($"{key} of {secret} never was as wanted, but '{last}'. {Log.Text}");
    }

    private T Track<T>(T opened)
        where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}
