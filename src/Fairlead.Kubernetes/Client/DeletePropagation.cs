namespace Fairlead.Kubernetes.Client;

/// <summary>What happens to the objects an object owns.</summary>
public enum DeletePropagation
{
    /// <summary>The object goes at once, the garbage collector removes what it owned.</summary>
    Background,

    /// <summary>The object stays until everything it owns is gone.</summary>
    Foreground,

    /// <summary>What it owned stays, ownerless.</summary>
    Orphan,
}
