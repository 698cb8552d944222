namespace Fairlead.Kubernetes.Resources.Core;

public sealed record LifecycleHandler : ExtensibleRecord
{
    public ExecAction? Exec { get; init; }

    public HttpGetAction? HttpGet { get; init; }

    public TcpSocketAction? TcpSocket { get; init; }

    public SleepAction? Sleep { get; init; }
}
