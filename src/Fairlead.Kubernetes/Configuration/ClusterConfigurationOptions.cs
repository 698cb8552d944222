using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>Where to look for a cluster. What is not set is taken from the environment, as kubectl does.</summary>
public sealed record ClusterConfigurationOptions
{
    /// <summary>A kubeconfig to use instead of all other places.</summary>
    public string? Path { get; init; }

    /// <summary>Context to use instead of the current one.</summary>
    public string? Context { get; init; }

    /// <summary>Environment variables, for <c>KUBECONFIG</c> and the in-cluster address.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public string HomeDirectory { get; init; } = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);

    /// <summary>
    /// Where a Pod finds the token, CA and namespace of its ServiceAccount; below the folder in <c>FAIRLEAD_POD_ROOT</c> where that is set.
    /// </summary>
    public string ServiceAccountDirectory { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
