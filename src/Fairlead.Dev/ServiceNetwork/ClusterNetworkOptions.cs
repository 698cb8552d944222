using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>How a <see cref="ClusterNetwork"/> works.</summary>
public sealed record ClusterNetworkOptions
{
    /// <summary>The network whose Service range the cluster was started with.</summary>
    public required LoopbackNetwork Network { get; init; }

    /// <summary>DNS server for names outside the cluster; null: they are refused.</summary>
    public IPEndPoint? UpstreamResolver { get; init; }

    /// <summary>Clock of session affinity and of idle UDP flows.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
