namespace Fairlead.Proxy.GroupServices.Draining;

/// <summary>Which Pod a Service of the cluster led to.</summary>
internal enum WhoAnswered
{
    Self,
    Other,

    /// <summary>The connection was refused: nothing stands behind the Service.</summary>
    Nobody,

    /// <summary>No answer, or one of a Pod that is not well, which says nothing of who gave it.</summary>
    Unknown,
}
