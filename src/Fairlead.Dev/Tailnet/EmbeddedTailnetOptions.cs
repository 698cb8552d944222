using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Dev.Tailnet.Relay;
using Microsoft.AspNetCore.Routing;

namespace Fairlead.Dev.Tailnet;

/// <summary>Immutable settings of an <see cref="EmbeddedTailnet"/>; vary them with <c>with</c>.</summary>
public sealed record EmbeddedTailnetOptions
{
    /// <summary>Loopback port; zero lets the system choose a free one.</summary>
    public int Port { get; init; }

    /// <summary>What paths may say for the tailnet beside <c>-</c>.</summary>
    public string TailnetName { get; init; } = "embedded.example";

    /// <summary>DNS suffix of the devices' names.</summary>
    public string DnsSuffix { get; init; } = "embedded.ts.net";

    /// <summary>Lifetime of access tokens.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The policy file the tailnet starts with, as HuJSON.</summary>
    public string Policy { get; init; } = Tailnet.Policy.PolicyFile.DefaultText;

    /// <summary>How the coordination server runs.</summary>
    public CoordinationOptions Coordination { get; init; } = new();

    /// <summary>Relay to run beside it, which then is the whole DERP map; null for none.</summary>
    public RelayServerOptions? Relay { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of ids, keys and tokens; a seed makes them repeat. They guard nothing but this process's own state.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Further routes on the same listener, beside those of the API and of the coordination server.</summary>
    public Action<IEndpointRouteBuilder>? Routes { get; init; }
}
