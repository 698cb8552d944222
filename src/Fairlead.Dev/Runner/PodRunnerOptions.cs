using System.Collections.Immutable;
using Fairlead.Dev.Runner.Images;
using Fairlead.Dev.ServiceNetwork;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Dev.Runner;

/// <summary>How a <see cref="PodRunner"/> works.</summary>
public sealed record PodRunnerOptions
{
    /// <summary>Folder for volumes and logs; made when absent, what is in it from an earlier run is removed.</summary>
    public required string Directory { get; init; }

    /// <summary>The images that Pods may use.</summary>
    public required ImageCatalog Images { get; init; }

    /// <summary>Where the addresses of Pods come from.</summary>
    public required LoopbackNetwork Network { get; init; }

    public string NodeName { get; init; } = "fairlead-dev";

    /// <summary>Variables of every container: <see cref="ClusterNetwork.Variables"/>, for example.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Clock of back-offs, probes and grace periods.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
