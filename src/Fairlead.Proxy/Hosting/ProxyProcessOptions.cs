using Fairlead.Kubernetes.Configuration;
using Fairlead.Proxy.Targets;
using Fairlead.Tailnet.Control.Registration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Hosting;

/// <summary>What a <see cref="ProxyProcess"/> has of its surroundings.</summary>
public sealed record ProxyProcessOptions
{
    /// <summary>Where the cluster's API server is looked for.</summary>
    public ClusterConfigurationOptions Cluster { get; init; } = new();

    /// <summary>Makes auth keys where the credentials are an OAuth client's; needed only for these.</summary>
    public AuthKeyIssuer? AuthKeyIssuer { get; init; }

    /// <summary>The cluster's DNS; null for the system's resolver.</summary>
    public INameResolver? Resolver { get; init; }

    /// <summary>Name or path of the daemon, for the engine that has one.</summary>
    public string DaemonProgram { get; init; } = "tailscaled";

    /// <summary>Name or path of the daemon's command line.</summary>
    public string CommandProgram { get; init; } = "tailscale";

    /// <summary>Where the command line looks for the daemon by default: led to its socket, so that a person in the Pod can use it. Empty for nowhere.</summary>
    public string SocketLink { get; init; } = "/var/run/tailscale/tailscaled.sock";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Spreads what many proxies would do at the same moment.</summary>
    public Random Random { get; init; } = Random.Shared;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
