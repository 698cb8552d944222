namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>One name's certificate, and what is under way for it. Its own lock guards who begins an order or a renewal.</summary>
internal sealed class CertificateEntry
{
    private volatile NodeCertificate? _certificate;

    public NodeCertificate? Certificate
    {
        get => _certificate;
        init => _certificate = value;
    }

    public OrderBackoff Backoff { get; } = new();

    /// <summary>The latest order; all who need it wait for the same one.</summary>
    public Task<NodeCertificate>? Order { get; set; }

    public Task? Renewal { get; set; }

    /// <summary>When to look again whether the certificate is due. Set and read by one renewal at a time.</summary>
    public DateTimeOffset NextRenewal { get; set; }

    public (DateTimeOffset Start, DateTimeOffset End)? Window { get; set; }

    public DateTimeOffset WindowAsked { get; set; }

    public void Renewed(NodeCertificate certificate)
    {
        Window = null;
        WindowAsked = default;
        Backoff.Succeeded();
        _certificate = certificate;
    }
}
