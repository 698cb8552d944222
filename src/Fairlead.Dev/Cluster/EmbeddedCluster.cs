using System.Net;
using System.Security.Authentication;
using Fairlead.Dev.Cluster.Admission;
using Fairlead.Dev.Cluster.Admission.Policies;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authentication;
using Fairlead.Dev.Cluster.Authorization;
using Fairlead.Dev.Cluster.Authorization.Reviews;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers;
using Fairlead.Dev.Cluster.CustomResources;
using Fairlead.Dev.Cluster.Discovery;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Dev.Cluster.Http;
using Fairlead.Dev.Cluster.Nodes;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Storage;
using Fairlead.Dev.Cluster.Telemetry;
using Fairlead.Dev.Cluster.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fairlead.Dev.Cluster;

/// <summary>
/// A Kubernetes API server in this process, on a loopback port, with everything in memory. For development and tests; where
/// it differs from a real server it is meant to be stricter.
/// </summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    private const string AdminName = "kubernetes-admin";
    private static readonly string[] AdminGroups = ["system:masters"];

    private readonly WebApplication _app;
    private readonly ClusterCertificates? _certificates;
    private readonly UserDirectory _users;
    private readonly ObjectStore _store;

    private readonly EventExpiry _expiry;
    private readonly AuditLog? _audit;
    private readonly ServiceAccountTokens _serviceAccounts;
    private ClusterControllers? _controllers;

    private EmbeddedCluster(
        WebApplication app, ClusterCertificates? certificates, UserDirectory users, ServiceAccountTokens serviceAccounts, NodeKeepers nodes,
        ObjectStore store, IClusterApi api, FaultInjector faults, EventExpiry expiry, AuditLog? audit)
    {
        _expiry = expiry;
        _audit = audit;
        _serviceAccounts = serviceAccounts;
        Nodes = nodes;
        Faults = faults;
        _app = app;
        _certificates = certificates;
        _users = users;
        _store = store;
        Api = api;
        Url = new Uri(app.Urls.First());
    }

    /// <summary>Base address, for example <c>https://127.0.0.1:41235</c>.</summary>
    public Uri Url { get; }

    /// <summary>The API without the network.</summary>
    public IClusterApi Api { get; }

    /// <summary>Who keeps the Pods of which node: where requests for logs and commands go.</summary>
    public NodeKeepers Nodes { get; }

    /// <summary>Makes requests fail.</summary>
    public FaultInjector Faults { get; }

    /// <summary>Certificate of the authority that signed the server's certificate; null for plain HTTP.</summary>
    public string? CertificateAuthorityPem => _certificates?.AuthorityPem;

    public static async Task<EmbeddedCluster> StartAsync(EmbeddedClusterOptions options, CancellationToken cancellationToken = default)
    {
        var random = options.Seed is { } seed ? new Random(seed) : Random.Shared;
        var store = new ObjectStore(options.HistorySize);
        var registry = new ResourceRegistry();
        var writer = new ObjectWriter(store, options.TimeProvider, random);
        var watcher = new ObjectWatcher(store, options.TimeProvider, options.BookmarkInterval);
        var api = new InProcessApi(registry, store, writer, watcher);
        var users = new UserDirectory();
        var nodes = new NodeKeepers();
        var serviceAccounts = new ServiceAccountTokens(() => api, options.TimeProvider);
        var builtIns = BuiltInResources.All(new BuiltInOptions { ServiceRanges = options.ServiceRanges, Time = options.TimeProvider, PriorityOf = name => PriorityOf(api, name) })
            .Select(d => d is { Group: "", Plural: "serviceaccounts" } ? d with { Actions = d.Actions.Add(serviceAccounts.TokenRequest) } : d)
            .Select(d => d is { Group: "", Plural: "pods" } ? d with { Actions = d.Actions.Add(new PodEviction(api).Action) } : d)
            .Append(CustomResourceDefinitions.Definition)
            .Where(d => !options.Definitions.Any(own => own.GroupResource == d.GroupResource));
        registry.AddRange([.. builtIns, .. options.Definitions]);
        var expiry = new EventExpiry(writer, options.TimeProvider, options.EventLifetime);
        writer.Committed = new CustomResourceRegistration(registry, store, writer, options.TimeProvider).OnCommitted;
        writer.Committed += expiry.OnCommitted;
        IAuthorizer authorizer = options.Rbac ? new RbacAuthorizer(api) : new AllowAll();
        registry.AddRange(ReviewResources.All(api, authorizer, serviceAccounts, [users, serviceAccounts]));
        writer.Admission = [.. Admission(options, api, authorizer)];
        writer.Namespaces = registry.Table.FindPreferred("", "namespaces")?.Definition;
        var faults = new FaultInjector();
        var audit = options.AuditLogPath is { } path ? new AuditLog(path, options.TimeProvider) : null;
        var pipeline = new ApiPipeline(
            new RequestAuthenticator([users, serviceAccounts]),
            new AccessControl(authorizer),
            new FaultyExecution(faults, options.TimeProvider),
            new ResourceEndpoints(registry, store, writer, watcher, faults, new PodConnections(api, nodes), random, options.TimeProvider),
            new DiscoveryEndpoints(registry, serviceAccounts),
            new OpenApiEndpoints(registry),
            new RequestMetrics(),
            audit,
            options.TimeProvider);
        var certificates = options.Https ? new ClusterCertificates(options.TimeProvider, ClusterBootstrap.FirstOf(options.ServiceRanges[0])) : null;
        var app = Build(options, certificates, pipeline);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            certificates?.Dispose();
            audit?.Dispose();
            expiry.Dispose();
            throw;
        }

        var cluster = new EmbeddedCluster(app, certificates, users, serviceAccounts, nodes, store, api, faults, expiry, audit);
        ClusterBootstrap.Run(api, options.ServiceRanges[0], cluster.Url.Port);
        if (options.Controllers)
            cluster._controllers = ClusterControllers.Start(
                api, () => [.. registry.Table.All.Select(r => r.Definition)], certificates?.AuthorityPem, options.TimeProvider,
                options.LoggerFactory.CreateLogger<ClusterControllers>());
        return cluster;
    }

    /// <summary>Makes a user known.</summary>
    /// <returns>The user's bearer token.</returns>
    public string CreateUser(string name, params string[] groups) => _users.Add(name, groups);

    /// <summary>A token for a ServiceAccount, bound to a Pod of its namespace.</summary>
    /// <param name="audience">Whom the token is for; null: this server.</param>
    /// <exception cref="ApiStatusException">The ServiceAccount or the Pod does not exist, or the time is out of bounds.</exception>
    public string IssueToken(string ns, string serviceAccount, string podName, string podUid, string? audience, TimeSpan lifetime) =>
        _serviceAccounts.Issue(ns, serviceAccount, podName, podUid, audience, (long)lifetime.TotalSeconds);

    /// <summary>Forgets history: paged lists and watches that start at earlier versions get 410 Gone.</summary>
    public void CompactHistory() => _store.Compact();

    /// <summary>Writes a kubeconfig for an administrator, readable by the owner alone.</summary>
    public Task WriteKubeconfigAsync(string path, CancellationToken cancellationToken = default) =>
        Kubeconfig.WriteAsync(
            path, Url, _certificates?.AuthorityPem, _certificates?.IssueClient(AdminName, AdminGroups),
            _certificates is null ? _users.Add(AdminName, AdminGroups) : null, cancellationToken);

    /// <summary>Writes a kubeconfig for the user of a bearer token, readable by the owner alone.</summary>
    public Task WriteKubeconfigAsync(string path, string token, CancellationToken cancellationToken = default) =>
        Kubeconfig.WriteAsync(path, Url, _certificates?.AuthorityPem, null, token, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_controllers is not null)
            await _controllers.DisposeAsync().ConfigureAwait(false);
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _expiry.Dispose();
        _audit?.Dispose();
        _serviceAccounts.Dispose();
        _certificates?.Dispose();
    }

    private static int? PriorityOf(InProcessApi api, string name) =>
        BuiltInOptions.SystemPriority(name) ?? (int?)api.Get("scheduling.k8s.io", "priorityclasses", null, name)?["value"];

    // Without controllers nobody makes the ServiceAccounts that Pods must name.
    private static IEnumerable<IAdmission> Admission(EmbeddedClusterOptions options, IClusterApi api, IAuthorizer authorizer)
    {
        if (options.Rbac)
            yield return new EscalationGuard(api, authorizer);
        if (options.Controllers)
            yield return new PodReferences(api);
        yield return new ValidatingPolicies(api);
        yield return new ResourceQuotas(api);
    }

    private static WebApplication Build(EmbeddedClusterOptions options, ClusterCertificates? certificates, ApiPipeline pipeline)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                if (certificates is not null)
                    UseTls(listen, certificates);
            });
        });

        // Watches never end by themselves; a stop must not wait for them.
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(pipeline.HandleAsync);
        return app;
    }

    private static void UseTls(ListenOptions listen, ClusterCertificates certificates) =>
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificates.Server,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (certificate, _, _) => certificates.IsTrustedClient(certificate),
        });
}
