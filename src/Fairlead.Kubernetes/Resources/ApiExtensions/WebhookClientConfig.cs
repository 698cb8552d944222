namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record WebhookClientConfig : ExtensibleRecord
{
    public string? Url { get; init; }

    public WebhookServiceReference? Service { get; init; }

    public byte[]? CaBundle { get; init; }
}
