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

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of ids, keys and tokens; a seed makes them repeat. They guard nothing but this process's own state.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Further routes on the same listener, outside <c>/api/v2</c>, such as the control protocol's.</summary>
    public Action<IEndpointRouteBuilder>? Routes { get; init; }
}
