namespace Fairlead.Tailscale;

/// <summary>How a deletion ended. Both values mean that the object is not there any more.</summary>
public enum DeleteOutcome
{
    /// <summary>This call removed the object.</summary>
    Deleted,

    /// <summary>The control plane did not know the object (404): someone, or an earlier try of this call, removed it.</summary>
    AlreadyGone,
}
