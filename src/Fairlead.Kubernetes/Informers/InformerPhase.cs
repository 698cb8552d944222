namespace Fairlead.Kubernetes.Informers;

public enum InformerPhase
{
    /// <summary>No list yet.</summary>
    Starting,

    /// <summary>Listed and watching.</summary>
    Watching,

    /// <summary>The API server does not serve the type, for example because its CRD is not installed.</summary>
    Absent,

    /// <summary>The API server refuses the credentials or the access.</summary>
    Refused,

    /// <summary>Lists or watches fail; they are being retried.</summary>
    Failing,
}
