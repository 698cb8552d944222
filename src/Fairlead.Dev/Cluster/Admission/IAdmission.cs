namespace Fairlead.Dev.Cluster.Admission;

/// <summary>Judges writes after validation and before storage.</summary>
public interface IAdmission
{
    /// <summary>Lets the write pass, or refuses it.</summary>
    /// <returns>Warnings for the client (HTTP header <c>Warning: 299</c>).</returns>
    /// <exception cref="Api.ApiStatusException">The write is refused.</exception>
    IReadOnlyList<string> Admit(AdmissionRequest request);
}
