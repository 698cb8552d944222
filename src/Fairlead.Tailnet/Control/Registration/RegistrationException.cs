namespace Fairlead.Tailnet.Control.Registration;

/// <summary>The coordination server does not take the machine as a node, and will not as long as nothing changes.</summary>
public sealed class RegistrationException : Exception
{
    public RegistrationException()
    {
    }

    public RegistrationException(string message)
        : base(message)
    {
    }

    public RegistrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
