using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Controllers;
using Fairlead.Dev.Cluster.Resources;
using Microsoft.Extensions.Logging;

namespace Fairlead.Dev.Tests.Controllers;

/// <summary>Controllers that meet a defect say so and go on.</summary>
public sealed class UnexpectedFailureTests
{
    [Fact]
    public async Task A_controller_that_fails_unexpectedly_reports_it_and_tries_again()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(
            new EmbeddedClusterOptions { Https = false, Controllers = false }, TestContext.Current.CancellationToken);
        var log = new Recorder();
        await using var controllers = ClusterControllers.Start(
            new FaultyApi(cluster.Api), () => [Type("", "Namespace", "namespaces"), Type("", "ServiceAccount", "serviceaccounts")], null, TimeProvider.System, log);
        await cluster.Api.UntilAsync("", "serviceaccounts", "default", "the default account", a => a.Count == 1);
        Assert.Contains("NamespaceDefaultsController failed on namespaces default", log.Messages.ToArray()[0], StringComparison.Ordinal);
    }

    private static ResourceDefinition Type(string group, string kind, string plural) =>
        TestDefinition with { Group = group, Kind = kind, Plural = plural };

    private static ResourceDefinition TestDefinition => Cluster.Server.TestCluster.Gadget with { Version = "v1" };

    /// <summary>The first creation in the default namespace meets a defect.</summary>
    private sealed class FaultyApi(IClusterApi api) : IClusterApi
    {
        private int _failed;

        public IReadOnlyList<JsonObject> List(string group, string plural, string? ns = null) => api.List(group, plural, ns);

        public JsonObject? Get(string group, string plural, string? ns, string name) => api.Get(group, plural, ns, name);

        public JsonObject Create(string group, string plural, string? ns, JsonObject obj) =>
            ns == "default" && Interlocked.Exchange(ref _failed, 1) == 0
                ? throw new InvalidOperationException("a defect")
                : api.Create(group, plural, ns, obj);

        public JsonObject Update(string group, string plural, string? ns, JsonObject obj, string? subresource = null) =>
            api.Update(group, plural, ns, obj, subresource);

        public void Delete(
            string group, string plural, string? ns, string name, string propagation = "Background", string? uid = null, long? graceSeconds = null) =>
            api.Delete(group, plural, ns, name, propagation, uid, graceSeconds);

        public IAsyncEnumerable<ClusterEvent> WatchAsync(string group, string plural, CancellationToken cancellationToken) =>
            api.WatchAsync(group, plural, cancellationToken);
    }

    private sealed class Recorder : ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception));
    }
}
