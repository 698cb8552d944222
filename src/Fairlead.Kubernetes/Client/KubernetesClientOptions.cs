using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Client;

/// <summary>How a <see cref="KubernetesClient"/> behaves towards any cluster.</summary>
public sealed record KubernetesClientOptions
{
    public static KubernetesClientOptions Default { get; } = new();

    /// <summary>Longest time one call may take, repeats included. For a watch: until the server starts to answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often one call is tried before its failure is reported.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Name under which the server records who set a field, where a call does not give its own.</summary>
    public string? FieldManager { get; init; }

    public string UserAgent { get; init; } = "fairlead-kubernetes";

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Source of jitter. Must be safe for concurrent use, as <see cref="Random.Shared"/> is.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Told of repeats and of the server's warnings.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
