namespace Fairlead.Kubernetes.Configuration;

/// <summary>Credentials could not be obtained. The message names the file or program and a remedy, never a secret.</summary>
public sealed class CredentialException(string message, Exception? innerException = null) : Exception(message, innerException);
