namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record WebhookConversion : ExtensibleRecord
{
    public WebhookClientConfig? ClientConfig { get; init; }

    public IReadOnlyList<string>? ConversionReviewVersions { get; init; }
}
