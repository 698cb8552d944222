namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record WebhookServiceReference : ExtensibleRecord
{
    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Path { get; init; }

    public int? Port { get; init; }
}
