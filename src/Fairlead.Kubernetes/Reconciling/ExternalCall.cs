namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// An effect outside the cluster that a plan asks for, described as data. The program that uses this library derives its own
/// calls and carries them out in its <see cref="IExternalCallHandler"/>.
/// </summary>
public abstract record ExternalCall
{
    /// <summary>
    /// Names what is asked for and for whom. While a result waits to be written into the cluster, an equal identity gets that
    /// result instead of a second call, so that a failed write never wastes what the call returned.
    /// </summary>
    public abstract string Identity { get; }
}
