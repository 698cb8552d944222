using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Targets;
using Fairlead.Tailnet.Nodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Managed;

/// <summary>How a <see cref="ManagedDevice"/> is set up.</summary>
internal sealed record ManagedDeviceOptions
{
    public required TailnetNodeOptions Node { get; init; }

    /// <summary>Reads anew what <see cref="Node"/> was read from, which may change while the device runs.</summary>
    public required Func<TailnetNodeOptions> ReadNode { get; init; }

    /// <summary>How long joining the tailnet may take.</summary>
    public required TimeSpan BootTimeout { get; init; }

    public ImmutableArray<EgressListenPort> EgressPorts { get; init; } = [];

    public ImmutableArray<IPAddress> PodIps { get; init; } = [];

    /// <summary>The machine's address that tailnet traffic goes on from into the cluster; null for the system's choice.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Of the cluster's names.</summary>
    public required INameResolver Resolver { get; init; }

    public LowPorts LowPorts { get; init; }

    /// <summary>Whether what is served to the tailnet is served to the cluster as well.</summary>
    public bool ServesCluster { get; init; }

    /// <summary>Where another Pod puts the certificates that this device serves with; null if it has its own. The device disposes of it.</summary>
    public SharedCertificates? SharedCertificates { get; init; }

    /// <summary>All metrics of this process, as Prometheus' text.</summary>
    public required Func<string> Metrics { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public required ILoggerFactory LoggerFactory { get; init; }
}
