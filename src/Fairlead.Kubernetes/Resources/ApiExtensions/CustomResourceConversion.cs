namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceConversion : ExtensibleRecord
{
    public string? Strategy { get; init; }

    public WebhookConversion? Webhook { get; init; }
}
