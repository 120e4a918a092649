import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';
import { Section } from '@/components/section';

import { SettingsPage } from '../frame';
import { PasswordForm } from './password-form';
import { texts } from './texts';
import { TwoFactor } from './two-factor';

/** The password and the second factor. */
export default function SecurityPage() {
  const t = useText(texts);
  const { profile } = useSession();
  if (profile === null) return null;
  return (
    <SettingsPage title={t('security')} answer={t(profile.twoFactorEnabled ? 'securityOn' : 'securityOff')}>
      <TwoFactor isOn={profile.twoFactorEnabled} />
      <Section title={t('changePassword')} about={t('changePasswordAbout')}>
        <PasswordForm email={profile.email} name={profile.name} />
      </Section>
    </SettingsPage>
  );
}
