using Fairlead.Dev.Tailnet;
using Fairlead.Operator.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.DevEnvironments;

/// <summary>How a <see cref="DevEnvironment"/> is set up.</summary>
internal sealed record DevEnvironmentOptions
{
    /// <summary>Folder for the kubeconfig, Pods and the laptop's socket; its owner keeps others away from it.</summary>
    public required string Directory { get; init; }

    /// <summary>Path of the program that Pods run; null for the one beside this assembly.</summary>
    public string? Program { get; init; }

    /// <summary>Port of the Kubernetes API; 0: a free one.</summary>
    public int ApiPort { get; init; }

    /// <summary>The tailnet. What has to fit the environment, as relays, is set by it.</summary>
    public EmbeddedTailnetOptions Tailnet { get; init; } = new() { DnsSuffix = DevEnvironment.DnsSuffix };

    /// <summary>How the operator is told to work; its control plane is set by the environment.</summary>
    public Func<OperatorSettings, OperatorSettings> Operator { get; init; } = settings => settings;

    /// <summary>Log of the embedded cluster, the runner and the tailnet's nodes of this process.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Log of the operator.</summary>
    public ILoggerFactory OperatorLoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
