namespace Fairlead.Dev.Tailnet.Services;

/// <summary>A Tailscale Service, as it is at one moment.</summary>
public sealed record TailnetService
{
    /// <summary><c>svc:</c> and a DNS label.</summary>
    public required string Name { get; init; }

    /// <summary>Virtual addresses, IPv4 first.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    public string DisplayName { get; init; } = "";

    public string Comment { get; init; } = "";

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Ports { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];
}
